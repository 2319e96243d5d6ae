// The editing verbs of the manifest: what each is called and which key it has.
const brush = { en: "Brush and scissors", zh: "画笔与剪刀" };
const form = { en: "Form of a part", zh: "部分的形状" };

export const editingCommands = [
  {
    id: "cement-leakage/brush-shape",
    title: { en: "Brush: ball in 3D or disc in the slice", zh: "画笔：三维球或层面圆盘" },
    shortcut: "d",
    group: brush,
  },
  {
    id: "cement-leakage/brush-range",
    title: { en: "Brush: only at or above the floor, or any voxel", zh: "画笔：仅不低于下限，或任意体素" },
    shortcut: "r",
    group: brush,
  },
  {
    id: "cement-leakage/brush-invert",
    title: { en: "Brush: invert the HU range", zh: "画笔：反转 HU 范围" },
    shortcut: "v",
    group: brush,
  },
  {
    id: "cement-leakage/cut-depth",
    title: { en: "Contour cuts through all, or what is shown", zh: "轮廓切分：贯穿全部，或仅所示层块" },
    shortcut: "w",
    group: brush,
  },
  {
    id: "cement-leakage/keep-piece",
    title: { en: "Keep only the piece at the crosshair", zh: "仅保留十字线处的块" },
    shortcut: "Shift+k",
    group: form,
  },
  {
    id: "cement-leakage/remove-piece",
    title: { en: "Remove the piece at the crosshair", zh: "删除十字线处的块" },
    shortcut: "Shift+x",
    group: form,
  },
  {
    id: "cement-leakage/remove-small",
    title: { en: "Remove small pieces", zh: "删除小块" },
    shortcut: "Shift+r",
    group: form,
  },
  {
    id: "cement-leakage/split-pieces",
    title: { en: "Each loose piece a part of its own", zh: "各独立块成为单独部分" },
    shortcut: "Shift+i",
    group: form,
  },
  {
    id: "cement-leakage/move-piece",
    title: { en: "Move the piece to the part selected before", zh: "将该块移至先前所选部分" },
    shortcut: "Shift+q",
    group: form,
  },
  { id: "cement-leakage/grow", title: { en: "Grow", zh: "扩大" }, shortcut: ".", group: form },
  { id: "cement-leakage/shrink", title: { en: "Shrink", zh: "缩小" }, shortcut: ",", group: form },
  {
    id: "cement-leakage/grow-dense",
    title: { en: "Grow only at or above the floor, or anywhere", zh: "仅向不低于下限处扩大，或不限" },
    shortcut: "Shift+u",
    group: form,
  },
  { id: "cement-leakage/smooth", title: { en: "Smooth", zh: "平滑" }, shortcut: "Shift+w", group: form },
  {
    id: "cement-leakage/fill-holes",
    title: { en: "Fill holes", zh: "填充孔洞" },
    shortcut: "Shift+o",
    group: form,
  },
  {
    id: "cement-leakage/fill-between",
    title: { en: "Fill between slices", zh: "层间填充" },
    shortcut: "Shift+t",
    group: form,
  },
  {
    id: "cement-leakage/lock",
    title: { en: "Lock or unlock the part", zh: "锁定/解锁部分" },
    shortcut: "Shift+l",
    group: form,
  },
  {
    id: "cement-leakage/hide",
    title: { en: "Hide or show the part", zh: "隐藏/显示部分" },
    shortcut: "Shift+v",
    group: form,
  },
] as const;
