package io.millrace.training;

import java.util.List;

/**
 * What a look at a job's code tells before the start.
 *
 * @param problems what keeps it from being used, a sentence with its remedy each
 * @param bytes of its files; 0 if they could not all be counted
 */
public record CodeSurvey(List<String> problems, long bytes) {
  public CodeSurvey {
    problems = List.copyOf(problems);
  }

  /** Code that cannot be looked at, for one reason. */
  public static CodeSurvey hopeless(String problem) {
    return new CodeSurvey(List.of(problem), 0);
  }

  /**
   * There is no such directory.
   *
   * @param how the predicate of the sentence: "does not exist"
   */
  public static CodeSurvey ofNoDirectory(CodeLocation code, String how) {
    return hopeless(
        "Code-dir %s %s. Give the directory that holds the boot file.".formatted(code, how));
  }

  /** The sentence on a limit that code exceeds. */
  public static String tooMuch(CodeLocation code, String excess) {
    return "Code-dir %s %s. Keep data and results elsewhere, only code in it."
        .formatted(code, excess);
  }

  /** The sentence on a boot file that is not there. */
  public static String noBootFile(CodeLocation code, String file) {
    return "Boot-file %s does not exist in code-dir %s. Give the path of the script below code-dir."
        .formatted(file, code);
  }
}
