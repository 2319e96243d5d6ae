// Sentences of what can go wrong between this program and a DICOMweb archive, in English and Simplified Chinese.
import type { Sentences } from "./problem-text.ts";

export const archiveSentences: Sentences = {
  "archive/bad-address": {
    en: () =>
      "This is not the address of a DICOMweb archive. Give its root, such as https://pacs.example/dicom-web or /dicom-web, without “?” or “#”.",
    zh: () =>
      "这不是 DICOMweb 归档的地址。请填写其根地址，如 https://pacs.example/dicom-web 或 /dicom-web，不含“?”或“#”。",
  },
  "archive/password-in-address": {
    en: () =>
      "The address holds a user name or password, which would end up in logs. Give the address alone and sign in with the fields beside it.",
    zh: () => "地址中含有用户名或密码，会留在日志中。请只填写地址，并用旁边的栏目登录。",
  },
  "archive/bad-credentials": {
    en: () =>
      "This user name, password or token can't be sent: a user name has no colon, and none of them has line breaks. Copy it again.",
    zh: () => "该用户名、密码或令牌无法发送：用户名不能含冒号，三者都不能含换行。请重新复制。",
  },
  "archive/secret-unencrypted": {
    en: (d) =>
      `The password for ${d.archive} and the images travel unencrypted (http). Ask for an https address of the archive.`,
    zh: (d) => `发往 ${d.archive} 的密码与图像未加密（http）。请索取该归档的 https 地址。`,
  },
  "archive/sign-in": {
    en: (d) => `${d.archive} wants a sign-in (401). Give a user name and password, or a token.`,
    zh: (d) => `${d.archive} 要求登录（401）。请提供用户名和密码，或令牌。`,
  },
  "archive/wrong-credentials": {
    en: (d) =>
      `${d.archive} does not accept this sign-in (401). Check user name and password, or get a new token: tokens run out.`,
    zh: (d) => `${d.archive} 不接受此登录（401）。请检查用户名和密码，或获取新令牌：令牌会过期。`,
  },
  "archive/redirected": {
    en: (d) =>
      `${d.archive} sends to another address instead of answering; the sign-in was not sent on. Give the address that it leads to, or sign in there with the browser first.`,
    zh: (d) =>
      `${d.archive} 未应答而是转向另一地址；登录信息未被转发。请填写其指向的地址，或先用浏览器在那里登录。`,
  },
  "archive/forbidden": {
    en: (d) =>
      `${d.archive} does not allow this to who is signed in (403). Sign in as somebody who may, or ask whoever runs the archive.`,
    zh: (d) => `${d.archive} 不允许当前登录者执行此操作（403）。请用有权限的账户登录，或询问归档管理员。`,
  },
  "archive/not-found": {
    en: (d) =>
      `${d.archive} does not have this (404): the address may be wrong, or the study was removed or moved. Search again, and check the archive's address.`,
    zh: (d) =>
      `${d.archive} 中没有此内容（404）：地址可能有误，或检查已被删除或移走。请重新检索，并核对归档地址。`,
  },
  "archive/conflict": {
    en: (d) =>
      `${d.archive} refuses this because it contradicts what it holds (409). Nothing was changed there. Search again to see what the study has now.`,
    zh: (d) => `${d.archive} 因与已有内容冲突而拒绝（409）。归档内容未改变。请重新检索以查看该检查的现状。`,
  },
  "archive/waiting": {
    en: (d) => `${d.archive} does not answer now; it is being asked again. Nothing that came is lost.`,
    zh: (d) => `${d.archive} 暂无应答，正在重试。已收到的内容不会丢失。`,
  },
  "archive/busy": {
    en: (d) =>
      `${d.archive} is busy or is being started again (${d.status}). Try again in a minute: what was already loaded is kept.`,
    zh: (d) => `${d.archive} 正忙或正在重新启动（${d.status}）。请一分钟后重试：已加载的内容会保留。`,
  },
  "archive/server-error": {
    en: (d) =>
      `${d.archive} failed while it answered (${d.status}). Try again; if it stays so, tell whoever runs the archive that number and the time.`,
    zh: (d) => `${d.archive} 在应答时出错（${d.status}）。请重试；若仍如此，请将此数字和时间告知归档管理员。`,
  },
  "archive/unexpected-status": {
    en: (d) =>
      `${d.archive} gave an answer that is not foreseen (${d.status}). Check that the address is the root of its DICOMweb service.`,
    zh: (d) => `${d.archive} 给出了意外的应答（${d.status}）。请核对该地址是否为其 DICOMweb 服务的根地址。`,
  },
  "archive/timeout": {
    en: (d) =>
      `${d.archive} did not answer in time. Try again: what was already loaded is kept. If it stays so, check the network.`,
    zh: (d) => `${d.archive} 未及时应答。请重试：已加载的内容会保留。若仍如此，请检查网络。`,
  },
  "archive/unreachable": {
    en: (d) =>
      `${d.archive} can't be reached, or does not let pages of this address ask it (CORS). Check the network and the address, then try again: what was already loaded is kept.`,
    zh: (d) =>
      `无法连接 ${d.archive}，或其不允许来自本地址的页面访问（CORS）。请检查网络和地址后重试：已加载的内容会保留。`,
  },
  "archive/not-dicom": {
    en: (d) =>
      `${d.archive} answered with something that is not DICOM (${d.type}), perhaps a sign-in page. Check the address; where the archive has a sign-in page, sign in there first.`,
    zh: (d) =>
      `${d.archive} 的应答不是 DICOM（${d.type}），可能是登录页面。请核对地址；若归档有登录页面，请先在那里登录。`,
  },
  "archive/answer-too-large": {
    en: (d) =>
      `${d.archive} sent more than ${d.megabytes} MB as one answer; the rest was refused. Search for less, or ask whoever runs the archive.`,
    zh: (d) =>
      `${d.archive} 的一次应答超过 ${d.megabytes} MB，其余部分已拒收。请缩小检索范围，或询问归档管理员。`,
  },
  "archive/answer-cut-off": {
    en: (d) =>
      `The answer of ${d.archive} ended before it was whole. Try again: what was already loaded is kept.`,
    zh: (d) => `${d.archive} 的应答不完整。请重试：已加载的内容会保留。`,
  },
  "archive/headers-incomplete": {
    en: (d) =>
      `${d.archive} lists the images of this series without their sizes and places, so they can't be stacked. Ask whoever runs it for full metadata (in Orthanc: "SeriesMetadata": "Full"), or export the series as files.`,
    zh: (d) =>
      `${d.archive} 列出的该序列图像缺少尺寸和位置，无法堆叠。请向归档管理员申请完整元数据（Orthanc 中为 "SeriesMetadata": "Full"），或将序列导出为文件。`,
  },
  "archive/no-instances": {
    en: (d) => `${d.archive} says that this series holds no images. Search again: it may still be arriving.`,
    zh: (d) => `${d.archive} 表示该序列没有图像。请重新检索：图像可能仍在传输中。`,
  },
  "archive/wrong-frame-length": {
    en: (d) =>
      `${d.archive} sent ${d.found} bytes of pixels for ${d.fileName}, where ${d.expected} are needed. The series is not opened: its images would be wrong. Export it from the archive as files, and report this to whoever runs it.`,
    zh: (d) =>
      `${d.archive} 为 ${d.fileName} 发送了 ${d.found} 字节像素，应为 ${d.expected}。该序列未打开：图像将是错误的。请从归档导出为文件，并告知归档管理员。`,
  },
  "archive/another-instance": {
    en: (d) =>
      `${d.archive} sent another object than ${d.fileName} when that was asked for. The series is not opened. Report this to whoever runs the archive.`,
    zh: (d) => `请求 ${d.fileName} 时，${d.archive} 发来了另一个对象。该序列未打开。请告知归档管理员。`,
  },
  "archive/identity-differs": {
    en: (d) =>
      `What ${d.archive} lists of ${d.fileName} and what the image itself says are of different origin (${d.attribute} differs). The series is not opened. Report this to whoever runs the archive.`,
    zh: (d) =>
      `${d.archive} 所列的 ${d.fileName} 与图像自身的归属不一致（${d.attribute} 不同）。该序列未打开。请告知归档管理员。`,
  },
  "archive/header-differs": {
    en: (d) =>
      `What ${d.archive} lists of ${d.fileName} and what the image itself says differ (${d.attribute}: listed ${d.listed}, in the image ${d.found}). The series is not opened: places in it could be wrong. Export it from the archive as files and open those.`,
    zh: (d) =>
      `${d.archive} 所列的 ${d.fileName} 与图像自身信息不一致（${d.attribute}：所列 ${d.listed}，图像中 ${d.found}）。该序列未打开：其中的位置可能有误。请从归档导出为文件后打开。`,
  },
  "archive/not-an-object": {
    en: (d) => `${d.fileName} is not a DICOM object that can be stored. Export it again.`,
    zh: (d) => `${d.fileName} 不是可存储的 DICOM 对象。请重新导出。`,
  },
  "archive/another-study": {
    en: (d) =>
      `${d.fileName} belongs to another study than the one it was to be stored into, and was not sent. Open the study that it belongs to.`,
    zh: (d) => `${d.fileName} 属于另一个检查，未发送。请打开其所属的检查。`,
  },
  "archive/uid-taken": {
    en: (d) =>
      `${d.archive} already holds another object under the identifier (UID) of ${d.fileName}; it was not overwritten. Export again, which gives new identifiers, and store that.`,
    zh: (d) =>
      `${d.archive} 中已有另一个对象使用 ${d.fileName} 的标识（UID），未覆盖。请重新导出（将生成新标识）后再存储。`,
  },
  "archive/store-refused": {
    en: (d) =>
      `${d.archive} refused ${d.fileName}: ${reason(d.reason, "en")} (${d.reason}). Tell whoever runs the archive that number.`,
    zh: (d) =>
      `${d.archive} 拒绝了 ${d.fileName}：${reason(d.reason, "zh")}（${d.reason}）。请将此编号告知归档管理员。`,
  },
  "archive/stored-with-warning": {
    en: (d) =>
      `${d.archive} stored ${d.fileName} but ${warning(d.reason, "en")} (${d.reason}). Open it from the archive and check it.`,
    zh: (d) =>
      `${d.archive} 已存储 ${d.fileName}，但${warning(d.reason, "zh")}（${d.reason}）。请从归档打开并核对。`,
  },
  "archive/store-unconfirmed": {
    en: (d) =>
      `${d.archive} did not say whether it stored ${d.fileName}, and does not list it. Store again: nothing is stored twice.`,
    zh: (d) => `${d.archive} 未说明是否已存储 ${d.fileName}，且列表中没有它。请再次存储：不会重复存储。`,
  },
};

/** Failure Reason (PS3.18 table I.2-2, PS3.4 table B.2-1), as the hexadecimal of which the first digits tell the class. */
function reason(code: unknown, locale: "en" | "zh"): string {
  const text = String(code);
  const known = [
    [/^A7/, "it is out of room", "存储空间不足"],
    [/^A9/, "the object does not match its own type", "对象与其类型不符"],
    [/^C/, "it can't understand the object", "无法理解该对象"],
    [/^0110/, "it failed while processing it", "处理失败"],
    [/^0111/, "it already holds an object of this identifier", "已有相同标识的对象"],
    [/^0117/, "the identifier is not valid", "标识无效"],
    [/^0122/, "it does not take objects of this type", "不接受此类型的对象"],
    [/^0124/, "who is signed in may not store", "当前登录者无权存储"],
    [/^0131|^0132/, "the study is locked or not there", "检查被锁定或不存在"],
  ] as const;
  const found = known.find(([pattern]) => pattern.test(text));
  if (!found) return locale === "en" ? "without a reason that is known" : "原因未知";
  return locale === "en" ? found[1] : found[2];
}

/** Warning Reason (PS3.18 table I.2-1). */
function warning(code: unknown, locale: "en" | "zh"): string {
  const text = String(code);
  if (text === "B000") return locale === "en" ? "changed some of its attributes" : "更改了部分属性";
  if (text === "B006") return locale === "en" ? "left out some of its attributes" : "丢弃了部分属性";
  if (text === "B007") return locale === "en" ? "found that it does not match its type" : "认为其与类型不符";
  return locale === "en" ? "with a warning" : "有警告";
}
