# Reads CT, SEG and SR of a folder with pydicom and numpy alone, and measures anew: mL, HU, extents and sites of each segment.
# Written apart from the program: it knows DICOM, not our code. Prints one JSON object, by tracking UID.
import glob
import json
import sys

import numpy as np
import pydicom
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist

folder = sys.argv[1]
datasets = [pydicom.dcmread(path) for path in sorted(glob.glob(folder + "/**/*.dcm", recursive=True))]
ct = [d for d in datasets if d.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2"]
seg = next(d for d in datasets if d.SOPClassUID in ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"))
sr = next(d for d in datasets if d.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.34")

row = np.array([float(v) for v in ct[0].ImageOrientationPatient[:3]])
column = np.array([float(v) for v in ct[0].ImageOrientationPatient[3:]])
normal = np.cross(row, column)
place = lambda d: np.array([float(v) for v in d.ImagePositionPatient])
ct.sort(key=lambda d: float(place(d) @ normal))
positions = np.array([place(d) for d in ct])
depths = positions @ normal
dj, di = (float(v) for v in ct[0].PixelSpacing)
hu = np.array([d.pixel_array.astype(float) * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in ct])

# A slice's share of the patient: half the way to each neighbour.
gaps = np.diff(depths)
thickness = np.empty(len(ct))
if len(ct) > 1:
    thickness[0], thickness[-1] = gaps[0], gaps[-1]
    thickness[1:-1] = (gaps[:-1] + gaps[1:]) / 2

rows, columns = int(seg.Rows), int(seg.Columns)
pixels = np.frombuffer(seg.PixelData, np.uint8)
label_map = seg.SegmentationType == "LABELMAP"
if label_map:
    frames = pixels[: int(seg.NumberOfFrames) * rows * columns].reshape(-1, rows, columns)
else:
    bits = np.unpackbits(pixels, bitorder="little")
    frames = bits[: int(seg.NumberOfFrames) * rows * columns].reshape(-1, rows, columns)
masks = {int(s.SegmentNumber): np.zeros(hu.shape, bool) for s in seg.SegmentSequence}
for frame, groups in zip(frames, seg.PerFrameFunctionalGroupsSequence):
    at = np.array([float(v) for v in groups.PlanePositionSequence[0].ImagePositionPatient])
    k = int(np.argmin(np.linalg.norm(positions - at, axis=1)))
    assert np.linalg.norm(positions[k] - at) < 1e-3, "a frame lies on no CT slice"
    if label_map:
        for number in np.unique(frame):
            masks[int(number)][k] |= frame == number
    else:
        masks[int(groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber)][k] |= frame == 1


def code(item):
    value = item.ConceptNameCodeSequence[0]
    return (value.CodeValue, value.CodingSchemeDesignator)


def child(items, wanted):
    return next((item for item in items if "ConceptNameCodeSequence" in item and code(item) == wanted), None)


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("ContentSequence", []))


result = {}
for group in walk(sr.ContentSequence):
    if "ConceptNameCodeSequence" not in group or code(group) != ("125007", "DCM"):
        continue
    items = group.ContentSequence
    reference = child(items, ("121191", "DCM")).ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == seg.SOPInstanceUID
    assert reference.ReferencedSOPClassUID == seg.SOPClassUID
    number = int(reference.ReferencedSegmentNumber)
    segment = next(s for s in seg.SegmentSequence if int(s.SegmentNumber) == number)
    uid = str(child(items, ("112040", "DCM")).UID)
    assert uid == str(segment.TrackingUID), "SEG and SR track different things"
    mask = masks[number]
    k, j, i = np.nonzero(mask)
    points = positions[k] + i[:, None] * di * row + j[:, None] * dj * column
    far = 0.0
    if len(points) > 1:
        centred = points - points.mean(axis=0)
        outer = points[ConvexHull(points).vertices] if np.linalg.matrix_rank(centred, tol=1e-6) == 3 else points
        far = float(pdist(outer).max())
    values = hu[mask]
    site = child(items, ("Q-SITE", "99BCLT"))
    modifiers = segment.SegmentedPropertyTypeCodeSequence[0].get("SegmentedPropertyTypeModifierCodeSequence", [])
    stated = child(items, ("118565006", "SCT")).MeasuredValueSequence[0]
    result[uid] = {
        "volumeMm3": float((thickness[k] * di * dj).sum()),
        "statedVolume": [str(stated.NumericValue), str(stated.MeasurementUnitsCodeSequence[0].CodeValue)],
        "huMean": float(values.mean()),
        "huMax": float(values.max()),
        "huSd": float(values.std()),
        "max3dDiameterMm": far,
        "site": None if site is None else str(site.ConceptCodeSequence[0].CodeValue),
        "segmentModifiers": [str(m.CodeValue) for m in modifiers],
        "label": str(segment.SegmentLabel),
    }
print(json.dumps(result))
