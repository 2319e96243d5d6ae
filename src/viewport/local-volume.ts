// The volumes that views show, by id; handed to Cornerstone without copying them where it draws them, and taken back out of its cache.
import { cache, ImageVolume, type Types, utilities, volumeLoader } from "@cornerstonejs/core";
import type { Vec3 } from "#core/space";
import { sliceNormal, spacingMm } from "#core/space";
import type { DisplayVolume } from "./display-volume.ts";
import { createTextureUpload, type TextureUpload } from "./texture-upload.ts";

export interface LocalVolume {
  readonly volumeId: string;
  remove(): void;
}

interface VolumeOnGpu extends LocalVolume {
  readonly upload: TextureUpload;
}

/** Volumes that Cornerstone has from here now. */
const present = new Set<string>();
const displayed = new Map<string, DisplayVolume>();
const uploads = new Map<string, TextureUpload>();

export const displayedVolume = (volumeId: string): DisplayVolume | null => displayed.get(volumeId) ?? null;

/** Null where the processor draws the volume. */
export const uploadOf = (volumeId: string): TextureUpload | null => uploads.get(volumeId) ?? null;

/** `onGpu`: Cornerstone draws it. The id must hold no ":". */
export function addDisplayed(
  volumeId: string,
  display: DisplayVolume,
  frameOfReferenceUid: string,
  onGpu: boolean,
): LocalVolume {
  const local = onGpu ? addLocalVolume(volumeId, display, frameOfReferenceUid) : null;
  displayed.set(volumeId, display);
  if (local) uploads.set(volumeId, local.upload);
  return {
    volumeId,
    remove() {
      displayed.delete(volumeId);
      uploads.delete(volumeId);
      local?.remove();
    },
  };
}

const point3 = (v: Vec3): Types.Point3 => [v[0], v[1], v[2]];

/** The slices become views into the given array (a SharedArrayBuffer will do). */
function addLocalVolume(
  volumeId: string,
  { grid, hu }: DisplayVolume,
  frameOfReferenceUid: string,
): VolumeOnGpu {
  const r = grid.rowDirection;
  const c = grid.columnDirection;
  const n = sliceNormal(grid);
  const direction: Types.Mat3 = [r[0], r[1], r[2], c[0], c[1], c[2], n[0], n[1], n[2]];
  const volume = volumeLoader.createLocalVolume(volumeId, {
    dimensions: [grid.columns, grid.rows, grid.slices],
    spacing: point3(spacingMm(grid)),
    origin: point3(grid.slicePositions[0]),
    direction,
    scalarData: hu,
    metadata: {
      BitsAllocated: 16,
      BitsStored: 16,
      SamplesPerPixel: 1,
      HighBit: 15,
      PhotometricInterpretation: "MONOCHROME2",
      PixelRepresentation: 1,
      Modality: "CT",
      ImageOrientationPatient: direction.slice(0, 6),
      PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
      FrameOfReferenceUID: frameOfReferenceUid,
      Columns: grid.columns,
      Rows: grid.rows,
      voiLut: [],
      VOILUTFunction: "LINEAR",
    },
  });
  const { imageIds } = volume;
  present.add(volumeId);
  return {
    volumeId,
    upload: uploadInPieces(volume, imageIds, 2 * grid.columns * grid.rows),
    remove() {
      // Not `volume.destroy()`: it fills the voxels, which are ours, with zeros.
      if (volume instanceof ImageVolume) volume.vtkOpenGLTexture.releaseGraphicsResources();
      cache.removeVolumeLoadObject(volumeId);
      for (const imageId of imageIds)
        if (cache.getImage(imageId)) cache.removeImageLoadObject(imageId, { force: true });
      present.delete(volumeId);
      // What it notes of each slice can only be thrown away together.
      if (present.size === 0) utilities.genericMetadataProvider.clear();
    },
  };
}

/** Cornerstone uploads slices as they come into its cache, as it does with those of a stream: here they are put into it piece by piece. */
function uploadInPieces(
  volume: Types.IImageVolume,
  imageIds: readonly string[],
  bytesPerSlice: number,
): TextureUpload {
  const images = imageIds.map((imageId) => cache.getImage(imageId));
  for (const imageId of imageIds) cache.removeImageLoadObject(imageId, { force: true });
  const texture = volume.vtkOpenGLTexture;
  return createTextureUpload(
    {
      slices: imageIds.length,
      bytesPerSlice,
      offer(k) {
        const image = images[k];
        // Taken out meanwhile, the volume has nothing to be drawn of.
        if (!image || !present.has(volume.volumeId)) return;
        cache.putImageSync(imageIds[k], image);
        texture.setUpdatedFrame(k);
      },
    },
    (work) => requestAnimationFrame(work),
  );
}
