# What scipy.ndimage takes for the tasks of `npm run bench`: reads one task a line, answers "result milliseconds number".
import sys
import time

import numpy as np
from scipy import ndimage

ct = np.fromfile(sys.argv[1], dtype="<i2").reshape(400, 512, 512)
crop = np.fromfile(sys.argv[2], dtype=np.uint8).reshape(250, 300, 300).astype(bool)
z, y, x = np.mgrid[-3:4, -3:4, -3:4]
ball = z * z + y * y + x * x <= 9
everyside = np.ones((3, 3, 3), dtype=bool)


def closing():
    # A border as wide as the ball, so that the edge does not eat into the mask; ours does the same.
    padded = np.pad(crop, 3)
    return int(ndimage.binary_closing(padded, ball)[3:-3, 3:-3, 3:-3].sum())


tasks = {
    "cement": lambda: ndimage.label(ct > 900, everyside)[1],
    "bone": lambda: ndimage.label(ct > 200, everyside)[1],
    "closing": closing,
    "distance": lambda: ndimage.distance_transform_edt(~crop).max(),
    "fill": lambda: int(ndimage.binary_fill_holes(crop).sum()),
}
print("ready", flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    result = tasks[line.strip()]()
    print("result", (time.perf_counter() - started) * 1000, result, flush=True)
