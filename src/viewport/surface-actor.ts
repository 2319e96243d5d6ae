// Wraps a surface as a vtk.js actor with a colour and an opacity.
import vtkCellArray from "@kitware/vtk.js/Common/Core/CellArray";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData";
import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper";
import { rgbFromHex } from "./mask-paint.ts";
import type { Surface } from "./surfaces.ts";

export interface SurfaceActor {
  readonly actor: ReturnType<typeof vtkActor.newInstance>;
  setColor(color: string): void;
  delete(): void;
}

/** `opacity` 1 is solid. */
export function createSurfaceActor(surface: Surface, color: string, opacity: number): SurfaceActor {
  const count = surface.triangles.length / 3;
  const cells = new Uint32Array(4 * count);
  for (let t = 0; t < count; t++) {
    cells[4 * t] = 3;
    cells.set(surface.triangles.subarray(3 * t, 3 * t + 3), 4 * t + 1);
  }
  const polyData = vtkPolyData.newInstance();
  polyData.getPoints().setData(surface.vertices, 3);
  polyData.setPolys(vtkCellArray.newInstance({ values: cells }));
  polyData
    .getPointData()
    .setNormals(
      vtkDataArray.newInstance({ name: "Normals", numberOfComponents: 3, values: surface.normals }),
    );
  const mapper = vtkMapper.newInstance();
  mapper.setInputData(polyData);
  mapper.setScalarVisibility(false);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  // A veil is lit evenly, so that it does not darken what lies inside it.
  property.setAmbient(opacity < 1 ? 0.4 : 0.15);
  property.setDiffuse(opacity < 1 ? 0.7 : 0.85);
  property.setSpecular(opacity < 1 ? 0 : 0.2);
  property.setSpecularPower(20);
  property.setOpacity(opacity);
  const setColor = (hex: string): void => {
    const [r, g, b] = rgbFromHex(hex);
    property.setColor(r / 255, g / 255, b / 255);
  };
  setColor(color);
  return {
    actor,
    setColor,
    delete() {
      actor.delete();
      mapper.delete();
      polyData.delete();
    },
  };
}
