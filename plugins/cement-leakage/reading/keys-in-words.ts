// Keys named in a sentence: those that the verbs have now, since readers change them.

/** `({find})` becomes "(F)"; without a key the brackets go too. A verb of the host's is named with its prefix. */
export const withKeys = (sentence: string, keys: Readonly<Record<string, string>>): string =>
  sentence.replaceAll(/\s?[(（]\{([\w/-]+)\}[)）]/g, (named: string, verb: string) => {
    const key = keys[verb.includes("/") ? verb : `cement-leakage/${verb}`];
    return key ? named.replace(`{${verb}}`, key) : "";
  });
