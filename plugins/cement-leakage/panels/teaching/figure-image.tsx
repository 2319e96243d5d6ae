// A key image as a picture, drawn as the teaching case will show it.
import { useMemo } from "react";
import { figureSvg } from "../../teaching/figure-svg.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import { useLocale, useVerbs } from "../case-view.ts";

interface FigureImageProps {
  image: KeyImage;
  alt: string;
  className?: string;
}

export function FigureImage({ image, alt, className }: FigureImageProps) {
  const { teaching } = useVerbs();
  const locale = useLocale();
  const source = useMemo(() => {
    const figure = teaching.figure(image);
    if (!figure) return undefined;
    const svg = figureSvg(figure, { marked: image.form !== "plain", title: image.caption, locale });
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [teaching, image, locale]);
  return <img src={source} alt={alt} draggable={false} className={className} />;
}
