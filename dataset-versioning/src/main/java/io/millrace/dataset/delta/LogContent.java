package io.millrace.dataset.delta;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * A file of a Delta log, as a whole: such files hold what describes data, not data, and a part of
 * one must never be seen.
 */
final class LogContent {
  private static final Pattern COMMIT = Pattern.compile("\\d{20}\\.json");

  private LogContent() {}

  /** Each action on a line of its own. */
  static byte[] of(Iterator<String> actions) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      content.writeBytes(actions.next().getBytes(StandardCharsets.UTF_8));
      content.write('\n');
    }
    return content.toByteArray();
  }

  /** Whether a file is a commit, and not one of those that only make a log faster to read. */
  static boolean isCommit(Path path) {
    return COMMIT.matcher(path.getName()).matches();
  }
}
