package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine.Option;

/** Asks before something is done that cannot be undone. */
final class Confirmation {
  /** Whether somebody sits at standard input; the start script knows. */
  private static final String INTERACTIVE = "millrace.interactive";

  @Option(names = "--yes", description = "Do not ask; for scripts.")
  boolean yes;

  /**
   * Returns if {@code --yes} was given, or the name was typed.
   *
   * @param action such as {@code delete pets@V001}
   * @param name to be typed
   * @throws DatasetException if another text was typed, or nobody can be asked
   */
  void require(String action, String name, PrintWriter out) {
    if (yes) {
      return;
    }
    if (!Boolean.getBoolean(INTERACTIVE)) {
      throw new DatasetException(
          "Cannot %s: nobody is there to confirm it. Add --yes.".formatted(action));
    }
    out.print("To %s, type %s: ".formatted(action, name));
    out.flush();
    if (!name.equals(typed())) {
      throw new DatasetException(
          "Did not %s: the name that was typed is another one.".formatted(action));
    }
  }

  private static String typed() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new DatasetException("Cannot read what was typed. Add --yes to do without.", e);
    }
  }
}
