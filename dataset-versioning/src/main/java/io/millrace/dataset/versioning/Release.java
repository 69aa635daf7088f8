package io.millrace.dataset.versioning;

import java.util.Optional;

/** Which build of Millrace runs. */
public final class Release {
  private Release() {}

  /**
   * The version that the build wrote into the jar, with the commit of its source where that was
   * known; {@code not packaged} for classes that come from no jar.
   */
  public static String name() {
    Package here = Release.class.getPackage();
    return Optional.ofNullable(here.getImplementationVersion()).orElse("not packaged");
  }
}
