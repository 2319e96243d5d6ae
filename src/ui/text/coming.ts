// Words of the screen on which a series that is still loading is looked through.

export const comingEn = {
  slice: (number: number, slices: number) => `Slice ${number} of ${slices}`,
  notThere: (number: number, slices: number) =>
    `Slice ${number} of ${slices} is not read yet. It is read next and appears here.`,
  howToMove: "Wheel, arrow keys or this slider: what you look at is read first",
  planeLater: "Comes when all slices are read",
  toolsLater:
    "Finding cement, measuring and answering begin when all slices are read: nothing is decided on a part of a scan.",
  byName: "Slices stand in the order of their file names until all positions are read.",
};

export const comingZh: typeof comingEn = {
  slice: (number, slices) => `第 ${number} 层，共 ${slices} 层`,
  notThere: (number, slices) => `第 ${number} 层（共 ${slices} 层）尚未读取，将优先读取并显示在此处。`,
  howToMove: "滚轮、方向键或此滑块：正在查看的层面优先读取",
  planeLater: "全部层面读取后显示",
  toolsLater: "全部层面读取后才能查找骨水泥、测量和作答：不对部分扫描作任何判断。",
  byName: "在读完所有位置之前，层面按文件名排序。",
};
