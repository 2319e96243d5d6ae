// The language that OHIF was set to.

/** OHIF keeps it under this name, as its i18n library does. */
const KEPT = "i18nextLng";

export function ohifLanguage(): string {
  try {
    return localStorage.getItem(KEPT) ?? navigator.language;
  } catch {
    return navigator.language;
  }
}
