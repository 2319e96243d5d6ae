// A mode of OHIF for reading cement: OHIF's own segmentation mode, with our panel first at the right.

const PANEL = "cement-leakage.panelModule.panel";
const ROUTE = "cement-leakage";
const BASE = "@ohif/mode-segmentation";

interface LayoutProps {
  readonly rightPanels?: readonly string[];
}

interface Layout {
  readonly id: string;
  readonly props: LayoutProps;
}

interface Route {
  readonly path: string;
  readonly layoutTemplate: (...given: unknown[]) => Layout;
  /** 3.13 and later: what the template starts from. */
  readonly layoutInstance?: Layout;
}

interface Mode {
  readonly id: string;
  readonly routes: readonly Route[];
}

interface FactoryOptions {
  readonly modeConfiguration?: unknown;
  readonly loadModules: (
    names: readonly string[],
  ) => Promise<readonly { modeFactory(options: object): Mode | Promise<Mode> }[]>;
}

const withPanelFirst = <L extends Layout>(layout: L): L => ({
  ...layout,
  props: {
    ...layout.props,
    rightPanels: [PANEL, ...(layout.props.rightPanels ?? []).filter((panel) => panel !== PANEL)],
    rightPanelClosed: false,
    rightPanelInitialExpandedWidth: 420,
  },
});

const mode = {
  id: "cement-leakage-mode",
  async modeFactory(options: FactoryOptions): Promise<object> {
    const [base] = await options.loadModules([BASE]);
    const made = await base.modeFactory({ ...options, modeConfiguration: options.modeConfiguration ?? {} });
    return {
      ...made,
      id: "cement-leakage-mode",
      // Not the name of the folder that this module lies in: a web server would answer with that.
      routeName: ROUTE,
      displayName: "Cement leakage",
      isValidMode: ({ modalities }: { readonly modalities: string }) => ({
        valid: modalities.split("\\").includes("CT"),
        description: "The study has no CT",
      }),
      routes: made.routes.map((route) => ({
        ...route,
        path: ROUTE,
        ...(route.layoutInstance ? { layoutInstance: withPanelFirst(route.layoutInstance) } : {}),
        layoutTemplate(this: unknown, ...given: unknown[]) {
          return withPanelFirst(route.layoutTemplate.apply(this, given));
        },
      })),
    };
  },
};

export default mode;
