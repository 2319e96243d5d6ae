// Whether what a file says of the patient's position on the table agrees with the orientation of its images.
//
// Image Orientation (Patient) alone says where left is; Patient Position is an annotation without an exact mathematical relationship
// to the equipment (PS3.3 C.7.3.1.1.2). It is still the only cross-check in the header: the scanner derives the orientation from
// the position that was entered at its console. An axial image is legal in two patterns:
//  - scanner-native, where rows and columns follow the gantry, so that they turn with the patient;
//  - the reading pattern, rows to the patient's left and columns to posterior, to which many reconstructions turn every image.
// An axial image of a third pattern had its position or its orientation changed afterwards, and a person has to look.
// Rows and columns of a file cannot mirror the patient: the third axis follows from the other two. So a wrong entry shows as a turned
// patient (belly or head on the wrong side of a view), which is what the person who confirms looks for.
import { type Problem, problem } from "#core/problem";
import { type Vec3, cross, dot, normalize } from "#core/space";

type Pattern = readonly [row: Vec3, column: Vec3];

const READING_PATTERN: Pattern = [
  [1, 0, 0],
  [0, 1, 0],
];

/**
 * Rows and columns of a scanner-native axial image, seen from the feet of a supine patient who lies head first. The image's top is
 * always the gantry's top, so columns run down (to posterior when supine, to the right side when lying on the right side), and
 * turning the patient end for end reverses the normal.
 */
const NATIVE_PATTERN: Readonly<Record<string, Pattern>> = {
  HFS: READING_PATTERN,
  HFP: [
    [-1, 0, 0],
    [0, -1, 0],
  ],
  HFDR: [
    [0, 1, 0],
    [-1, 0, 0],
  ],
  HFDL: [
    [0, -1, 0],
    [1, 0, 0],
  ],
  FFS: [
    [-1, 0, 0],
    [0, 1, 0],
  ],
  FFP: [
    [1, 0, 0],
    [0, -1, 0],
  ],
  FFDR: [
    [0, -1, 0],
    [-1, 0, 0],
  ],
  FFDL: [
    [0, 1, 0],
    [1, 0, 0],
  ],
};

/** Cosine of 35 degrees: room for gantry tilt (at most 30 degrees) and a turned head or pelvis, far from the next pattern at 90. */
const SAME_DIRECTION = 0.82;

/** How Patient Position and image orientation stand to each other. "silent": not axial, so that nothing is said of the table. */
export type SideAgreement = "agree" | "reading" | "silent" | "absent" | "unknown" | "contradicts";

/** Only axial stacks are judged: a sagittal or coronal reconstruction says nothing about the table. */
export function sideAgreement(patientPosition: string, row: Vec3, column: Vec3): SideAgreement {
  const normal = normalize(cross(row, column));
  if (patientPosition === "") return "absent";
  const native = NATIVE_PATTERN[patientPosition];
  if (!native) return "unknown";
  if (Math.abs(normal[2]) < SAME_DIRECTION) return "silent";
  if (matches(native, row, column)) return "agree";
  return matches(READING_PATTERN, row, column) ? "reading" : "contradicts";
}

/** The reason why left and right must be confirmed by a person, or null. */
export function sideProblem(patientPosition: string, row: Vec3, column: Vec3): Problem | null {
  switch (sideAgreement(patientPosition, row, column)) {
    case "absent":
      return problem("side/position-absent", {}, "warning");
    case "unknown":
      return problem("side/position-unknown", { patientPosition }, "warning");
    case "contradicts":
      return problem(
        "side/position-contradicts-orientation",
        { patientPosition, orientation: [...row, ...column].map(tidy).join(" ") },
        "warning",
      );
    case "agree":
    case "reading":
    case "silent":
      return null;
  }
}

const matches = (pattern: Pattern, row: Vec3, column: Vec3): boolean =>
  dot(pattern[0], row) > SAME_DIRECTION && dot(pattern[1], column) > SAME_DIRECTION;

const tidy = (value: number): string => String(Math.round(value * 1000) / 1000 + 0);
