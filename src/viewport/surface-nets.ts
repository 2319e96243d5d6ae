// A triangle surface around what lies at or above a level in a 3D field (naive surface nets, S. Gibson 1998). Pure.
//
// One vertex per cell that the surface crosses, one quad per crossed edge: few triangles, no holes, no case table. vtk.js
// has marching cubes, but untyped, for evenly spaced boxes only, and in one go; this works layer by layer, so that the
// page gets time in between.

/** Values at nodes, `[z][y][x]`; everything outside counts as below the level. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly values: Int16Array | Uint8Array;
}

/** Vertices in node units (x, y, z each) and triangles (three vertex numbers each), facing towards lower values. */
export interface Mesh {
  readonly vertices: Float32Array;
  readonly triangles: Uint32Array;
}

const outside = -32768;
/** Corner pairs of a cell's twelve edges; corner n lies at (n & 1, n >> 1 & 1, n >> 2). */
const cellEdges: readonly (readonly [number, number])[] = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
];

/** Yields after each layer of cells; its return value is the mesh. */
export function* surfaceNets(field: Field, level: number): Generator<void, Mesh, void> {
  const { width, height, depth, values } = field;
  const vertices: number[] = [];
  const triangles: number[] = [];
  // One more cell than nodes along each axis, so that a surface that reaches the field's edge is closed there.
  const rowCells = width + 1;
  let below = new Int32Array(rowCells * (height + 1));
  let here = new Int32Array(rowCells * (height + 1));
  const corner = new Float64Array(8);

  const quad = (a: number, b: number, c: number, d: number, flip: boolean): void => {
    if (flip) triangles.push(a, c, b, a, d, c);
    else triangles.push(a, b, c, a, c, d);
  };

  for (let cz = 0; cz <= depth; cz++) {
    for (let cy = 0; cy <= height; cy++) {
      const rows = [0, 1, 2, 3].map((n) => {
        const y = cy - 1 + (n & 1);
        const z = cz - 1 + (n >> 1);
        return y < 0 || z < 0 || y >= height || z >= depth ? -1 : (z * height + y) * width;
      });
      corner.fill(outside);
      for (let cx = 0; cx <= width; cx++) {
        let inside = 0;
        for (let n = 0; n < 4; n++) {
          corner[2 * n] = corner[2 * n + 1];
          corner[2 * n + 1] = rows[n] < 0 || cx >= width ? outside : values[rows[n] + cx];
          if (corner[2 * n] >= level) inside |= 1 << (2 * n);
          if (corner[2 * n + 1] >= level) inside |= 1 << (2 * n + 1);
        }
        if (inside === 0 || inside === 255) continue;
        const cell = cy * rowCells + cx;
        here[cell] = vertices.length / 3;
        addVertex(vertices, corner, inside, level, cx, cy, cz);
        // The three edges at corner 0; the other cells around them have their vertices already.
        const first = inside & 1;
        const flip = first === 0;
        if (((inside >> 1) & 1) !== first)
          quad(below[cell - rowCells], below[cell], here[cell], here[cell - rowCells], flip);
        if (((inside >> 2) & 1) !== first)
          quad(below[cell - 1], here[cell - 1], here[cell], below[cell], flip);
        if (((inside >> 4) & 1) !== first)
          quad(here[cell - rowCells - 1], here[cell - rowCells], here[cell], here[cell - 1], flip);
      }
    }
    [below, here] = [here, below];
    yield;
  }
  return { vertices: Float32Array.from(vertices), triangles: Uint32Array.from(triangles) };
}

/** The middle of the points where the cell's edges cross the level. */
function addVertex(
  vertices: number[],
  corner: Float64Array,
  inside: number,
  level: number,
  cx: number,
  cy: number,
  cz: number,
): void {
  let x = 0;
  let y = 0;
  let z = 0;
  let count = 0;
  for (const [a, b] of cellEdges) {
    if (((inside >> a) & 1) === ((inside >> b) & 1)) continue;
    const va = corner[a];
    const vb = corner[b];
    const t = va === outside || vb === outside ? 0.5 : (level - va) / (vb - va);
    x += (a & 1) + t * ((b & 1) - (a & 1));
    y += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1));
    z += (a >> 2) + t * ((b >> 2) - (a >> 2));
    count++;
  }
  vertices.push(cx - 1 + x / count, cy - 1 + y / count, cz - 1 + z / count);
}

/**
 * Relaxes the steps of a binary mask's surface: each vertex moves towards the mean of its neighbours but no
 * farther than `reach` nodes, so that a leak one voxel wide keeps its width. Changes `mesh.vertices`; yields after each round.
 */
export function* relax(mesh: Mesh, rounds: number, reach: number): Generator<void, void, void> {
  const { vertices, triangles } = mesh;
  const home = vertices.slice();
  const sum = new Float32Array(vertices.length);
  const count = new Uint16Array(vertices.length / 3);
  for (let round = 0; round < rounds; round++) {
    sum.fill(0);
    count.fill(0);
    for (let t = 0; t < triangles.length; t++) {
      const to = triangles[t];
      const from = triangles[t % 3 === 2 ? t - 2 : t + 1];
      for (let axis = 0; axis < 3; axis++) sum[3 * to + axis] += vertices[3 * from + axis];
      count[to]++;
    }
    for (let v = 0; v < count.length; v++) {
      for (let axis = 0; axis < 3; axis++) {
        const n = 3 * v + axis;
        const wanted = vertices[n] + 0.6 * (sum[n] / count[v] - vertices[n]);
        vertices[n] = Math.max(home[n] - reach, Math.min(home[n] + reach, wanted));
      }
    }
    yield;
  }
}

/** Moves each vertex outwards by `by` nodes. Changes `mesh.vertices`. */
export function inflate(mesh: Mesh, by: number): void {
  const normals = vertexNormals(mesh);
  for (let n = 0; n < normals.length; n++) mesh.vertices[n] += by * normals[n];
}

/** Unit normals per vertex, weighted by the area of the triangles around it. */
export function vertexNormals({ vertices, triangles }: Mesh): Float32Array {
  const normals = new Float32Array(vertices.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ux = vertices[b] - vertices[a];
    const uy = vertices[b + 1] - vertices[a + 1];
    const uz = vertices[b + 2] - vertices[a + 2];
    const vx = vertices[c] - vertices[a];
    const vy = vertices[c + 1] - vertices[a + 1];
    const vz = vertices[c + 2] - vertices[a + 2];
    for (const n of [a, b, c]) {
      normals[n] += uy * vz - uz * vy;
      normals[n + 1] += uz * vx - ux * vz;
      normals[n + 2] += ux * vy - uy * vx;
    }
  }
  for (let n = 0; n < normals.length; n += 3) {
    const size = Math.hypot(normals[n], normals[n + 1], normals[n + 2]) || 1;
    normals[n] /= size;
    normals[n + 1] /= size;
    normals[n + 2] /= size;
  }
  return normals;
}
