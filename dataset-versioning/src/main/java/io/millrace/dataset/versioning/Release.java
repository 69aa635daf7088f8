package io.millrace.dataset.versioning;

import java.util.Optional;

/** Which build of Millrace runs. */
public final class Release {
  /** What the build leaves where it finds no repository. */
  private static final String UNKNOWN_COMMIT = " (commit ${git.commit.id.abbrev})";

  private Release() {}

  /**
   * The version that the build wrote into the jar, with the commit of its source where that was
   * known; {@code not packaged} for classes that come from no jar.
   */
  public static String name() {
    Package here = Release.class.getPackage();
    return Optional.ofNullable(here.getImplementationVersion())
        .map(version -> version.replace(UNKNOWN_COMMIT, ""))
        .orElse("not packaged");
  }
}
