package io.millrace.ingestion.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Paths in files that were written elsewhere: absolute ones, ones relative to another directory,
 * ones of Windows. Only the end of such a path is known to lie in the source.
 */
final class PathEnds {
  private PathEnds() {}

  /**
   * The ends of a path that could lie in the source, the longest first; none for a path of no
   * names.
   */
  static List<String> of(String path) {
    List<String> names = names(path);
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ends.add(String.join("/", names.subList(i, names.size())));
    }
    return ends;
  }

  /** The names of a path after its last {@code ..}. */
  static List<String> names(String path) {
    boolean isOfWindows = path.indexOf('/') < 0 && path.indexOf('\\') >= 0;
    List<String> names =
        Arrays.stream((isOfWindows ? path.replace('\\', '/') : path).split("/"))
            .filter(name -> !name.isEmpty() && !name.equals("."))
            .toList();
    return names.subList(names.lastIndexOf("..") + 1, names.size());
  }
}
