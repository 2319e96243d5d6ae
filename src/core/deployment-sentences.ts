// Sentences of what can be wrong with an installation: its config.json, and what its page may ask of an archive.
import type { Locale } from "./problem.ts";
import type { Sentences } from "./problem-text.ts";

/** What each setting takes. */
const WANTS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  archive: {
    en: 'an object like {"url": "/dicom-web", "login": "page"}',
    zh: '形如 {"url": "/dicom-web", "login": "page"} 的对象',
  },
  "archive.url": {
    en: "the http(s) address of the DICOMweb service, or one relative to the page, without a password, “?” or “#”",
    zh: "DICOMweb 服务的 http(s) 地址或相对于页面的地址，不含密码、“?”或“#”",
  },
  "archive.login": { en: '"page", "password" or "token"', zh: '"page"、"password" 或 "token"' },
  uidRoot: {
    en: "a UID root of at most 24 characters: numbers with dots between them, none beginning with 0",
    zh: "不超过 24 个字符的 UID 根：以点分隔的数字，且不以 0 开头",
  },
  readerRole: { en: "1 to 64 characters", zh: "1 至 64 个字符" },
  language: { en: '"en" or "zh"', zh: '"en" 或 "zh"' },
  theme: { en: '"dark" or "light"', zh: '"dark" 或 "light"' },
  drawing: { en: '"auto", "gpu" or "processor"', zh: '"auto"、"gpu" 或 "processor"' },
  plugins: { en: 'a list of names like ["hu-probe"]', zh: '形如 ["hu-probe"] 的名称列表' },
  viewer: {
    en: "the http(s) address of the full viewer, or one relative to this file, without a password, “?” or “#”",
    zh: "完整阅片器的 http(s) 地址或相对于本文件的地址，不含密码、“?”或“#”",
  },
};

const OTHERWISE = { en: "text of 1 to 64 characters without “\\”", zh: "1 至 64 个字符、不含“\\”的文本" };
const wants = (name: unknown, locale: Locale): string => (WANTS[String(name)] ?? OTHERWISE)[locale];

export const deploymentSentences: Sentences = {
  "archive/no-images": {
    en: () => "This study holds no images in the archive, only other objects. Choose another study.",
    zh: () => "该检查在归档中没有图像，只有其他对象。请选择其他检查。",
  },
  "archive/study-not-there": {
    en: (d) =>
      `${d.archive} does not have the study of this CT, and results are stored only beside their images. Send the CT to the archive first, or save the results as files.`,
    zh: (d) =>
      `${d.archive} 中没有此 CT 所属的检查，结果只能与其图像存放在一起。请先将 CT 发送到归档，或将结果存为文件。`,
  },
  "archive/not-signed-in": {
    en: () => "Nothing was stored: the archive was not signed in to. Store again to be asked once more.",
    zh: () => "未存储任何内容：尚未登录归档。再次存储时会重新询问。",
  },
  "archive/forbidden-by-page": {
    en: (d) =>
      `This page may not connect to ${d.archive}: it was installed for another archive or none. Whoever installed it can build it with “npm run build -- --archive ADDRESS”, or put the archive behind the page's own server.`,
    zh: (d) =>
      `本页面不允许连接 ${d.archive}：安装时指定了其他归档或未指定。安装者可用“npm run build -- --archive 地址”重新构建，或将归档置于本页面的服务器之后。`,
  },
  "config/unreadable": {
    en: (d) =>
      `config.json beside the program could not be read (${d.message}); the program's own settings are used. Tell whoever installed it.`,
    zh: (d) => `无法读取程序旁的 config.json（${d.message}）；已使用程序默认设置。请告知安装者。`,
  },
  "config/not-json": {
    en: (d) =>
      `config.json beside the program is not valid JSON (${d.message}); the program's own settings are used. Tell whoever installed it.`,
    zh: (d) => `程序旁的 config.json 不是有效的 JSON（${d.message}）；已使用程序默认设置。请告知安装者。`,
  },
  "config/unknown-setting": {
    en: (d) => `config.json has a setting “${d.name}” that this program does not know. It knows ${d.known}.`,
    zh: (d) => `config.json 中的设置“${d.name}”无法识别。可用设置：${d.known}。`,
  },
  "config/unknown-plugin": {
    en: (d) => `config.json names a plugin “${d.name}” that this program does not have. It has ${d.known}.`,
    zh: (d) => `config.json 中的插件“${d.name}”不存在。可用插件：${d.known}。`,
  },
  "config/wrong-value": {
    en: (d) =>
      `“${d.name}” in config.json is refused (found ${d.found}) and its default is used. It wants ${wants(d.name, "en")}.`,
    zh: (d) =>
      `config.json 中的“${d.name}”被拒绝（当前为 ${d.found}），已使用默认值。应为${wants(d.name, "zh")}。`,
  },
};
