package io.millrace.jobs.cli;

import java.util.regex.Pattern;

/** Tells dataset versions from addresses where a command takes either. */
final class References {
  private static final Pattern VERSION =
      Pattern.compile("[A-Za-z][A-Za-z0-9_-]*@[A-Za-z0-9_:.+-]+");

  private References() {}

  /**
   * Whether a text is {@code NAME@VERSION}; a path of that form is written {@code ./NAME@VERSION}.
   */
  static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }
}
