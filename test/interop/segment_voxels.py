# Voxels of each segment of DICOM segmentations, counted with pydicom: one JSON line a file; nothing of the project is used.
import json
import sys

import numpy
import pydicom

for path in sys.argv[1:]:
    data = pydicom.dcmread(path, force=True)
    counts = {}
    frames = data.pixel_array
    if frames.ndim == 2:
        frames = frames[numpy.newaxis]
    kind = data.get("SegmentationType", "LABELMAP")
    described = [int(item.SegmentNumber) for item in data.SegmentSequence]
    if kind == "LABELMAP":
        padding = int(data.get("PixelPaddingValue", 0))
        for number in described:
            if number not in (0, padding):
                counts[number] = int((frames == number).sum())
    else:
        full = int(data.get("MaximumFractionalValue", 1)) if kind == "FRACTIONAL" else 1
        shared = data.SharedFunctionalGroupsSequence[0] if "SharedFunctionalGroupsSequence" in data else {}
        for number in described:
            counts[number] = 0
        for frame, group in zip(frames, data.PerFrameFunctionalGroupsSequence):
            where = group if "SegmentIdentificationSequence" in group else shared
            number = int(where.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
            counts[number] += int((2 * frame.astype(int) >= full).sum())
    print(json.dumps({"path": path, "voxels": counts}))
