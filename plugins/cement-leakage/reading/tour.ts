// The tour through a reading in seven steps: each says what to do next and is done as soon as the case shows it.
import type { TourStep } from "#contract";
import { leaksOf, openSites } from "../model/case-document.ts";
import type { Reading } from "./reading.ts";

const own = (...verbs: string[]): string[] => verbs.map((verb) => `cement-leakage/${verb}`);

export function tourOf(reading: Reading): readonly TourStep[] {
  const now = reading.document.get;
  const decided = (): boolean =>
    now().parts.length > 0 && now().parts.every((part) => part.role !== "undecided");
  return [
    {
      title: { en: "Find the cement", zh: "查找骨水泥" },
      hint: {
        en: "The whole CT is searched over its full HU range.",
        zh: "在全部 HU 范围内搜索整个 CT。",
      },
      verbs: own("find"),
      done: () => now().floorHu !== null,
    },
    {
      title: { en: "Let the engine propose leaks", zh: "由引擎提出渗漏候选" },
      hint: {
        en: "It cuts the cement at the surface of the bone and names a site for what lies outside. Nothing is decided by that.",
        zh: "引擎在骨表面切分骨水泥，并为骨外部分给出部位。此时尚未作任何判定。",
      },
      verbs: own("propose"),
      done: () => now().parts.some((part) => part.origin === "proposed"),
    },
    {
      title: { en: "Judge the first candidate", zh: "判定第一个候选" },
      hint: {
        en: "The views stand at it. Scroll through it, then accept it, choose another site in the list, or say that it is not cement.",
        zh: "各视图已定位于此。逐层浏览后，接受候选、在列表中改选部位，或判为非骨水泥。",
      },
      verbs: [...own("accept", "not-cement"), "host/next-slice", "host/previous-slice"],
      done: () => leaksOf(now()).length > 0 || decided(),
    },
    {
      title: { en: "Decide the others", zh: "判定其余候选" },
      hint: {
        en: "After each decision the next one is shown by itself.",
        zh: "每次判定后会自动显示下一个。",
      },
      verbs: own("accept", "not-cement", "next"),
      done: decided,
    },
    {
      title: { en: "Say where nothing leaked", zh: "说明何处无渗漏" },
      hint: {
        en: "Every line of the checklist wants an answer: an absence is stated, never assumed.",
        zh: "核对清单每一项都需作答：无渗漏须明确说明，不可默认。",
      },
      verbs: own("absent"),
      done: () => decided() && now().lesions.every((lesion) => openSites(now(), lesion).length === 0),
    },
    {
      title: { en: "Look once without the marks", zh: "无标记浏览一次" },
      hint: {
        en: "Hide the marks and page from one end of the cement to the other: what the engine missed shows only there.",
        zh: "隐藏标记，从骨水泥一端浏览至另一端：引擎漏检之处仅在此时可见。",
      },
      verbs: ["host/overlays", "host/five-back", "host/five-on"],
      done: () => now().unmarkedLook === true,
    },
    {
      title: { en: "Sign", zh: "签署" },
      hint: {
        en: "Enter the reader's name at the top right if it is not there. What is still missing stands at the foot of the panel.",
        zh: "如尚无阅片者姓名，请在右上角输入。尚缺的内容列于面板底部。",
      },
      verbs: own("sign"),
      done: () => now().status === "final",
    },
  ];
}
