package io.millrace.inference;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gives every input of a task a place of its own for its answer.
 *
 * <p>The directories that all inputs share are left out, the others are kept: of {@code /d/a/1.jpg}
 * and {@code /d/b/1.jpg} the answers are {@code a/1.jpg_result.txt} and {@code b/1.jpg_result.txt}.
 * An input that occurs twice gets {@code ~2} the second time. The same list always gives the same
 * paths.
 */
public final class AnswerPaths {
  static final String SUFFIX = "_result.txt";

  /** File systems allow 255 bytes; the suffix, a {@code ~n} and a temporary name must fit. */
  private static final int MAX_NAME_BYTES = 180;

  private AnswerPaths() {}

  /** The paths of inputs anywhere, in the order of the inputs. */
  public static List<String> of(List<StorageUri> sources) {
    List<List<String>> places = sources.stream().map(AnswerPaths::place).toList();
    int shared = sharedDirectories(places);
    return distinct(
        places.stream().map(place -> String.join("/", place.subList(shared, place.size()))));
  }

  /** The paths of inputs below a directory: as they lie there, also where they share more. */
  public static List<String> below(StorageUri directory, List<StorageUri> sources) {
    int shared = segments(directory).size();
    return distinct(
        sources.stream()
            .map(AnswerPaths::place)
            .map(place -> String.join("/", place.subList(shared, place.size()))));
  }

  private static List<String> distinct(Stream<String> paths) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> distinct = new ArrayList<>();
    paths.forEach(
        path -> {
          // Some file systems take names that differ in case only for the same.
          int count = seen.merge(path.toLowerCase(Locale.ROOT), 1, Integer::sum);
          distinct.add(path + (count == 1 ? "" : "~" + count) + SUFFIX);
        });
    return distinct;
  }

  private static List<String> place(StorageUri source) {
    if (source.isContent()) {
      return List.of("content", Digest.ofText(source.value()).hex().substring(0, 16));
    }
    List<String> segments = segments(source);
    return segments.isEmpty() ? List.of("_") : segments;
  }

  /**
   * The host or bucket, if there is one, then the names of the path, each fit for a file system.
   */
  private static List<String> segments(StorageUri uri) {
    StorageUri canonical = uri.canonical();
    List<String> segments = new ArrayList<>();
    if (!canonical.authority().isEmpty()) {
      segments.add(fit(canonical.authority()));
    }
    Arrays.stream(canonical.path().split("/"))
        .filter(name -> !name.isEmpty())
        .map(AnswerPaths::fit)
        .forEach(segments::add);
    return segments;
  }

  private static String fit(String name) {
    String plain = name.equals(".") || name.equals("..") ? "_" : name;
    plain = plain.replaceAll("\\p{Cntrl}", "_");
    if (plain.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES) {
      return plain;
    }
    int end = Math.min(plain.length(), 40);
    end = Character.isHighSurrogate(plain.charAt(end - 1)) ? end - 1 : end;
    return plain.substring(0, end) + "~" + Digest.ofText(name).hex().substring(0, 16);
  }

  private static int sharedDirectories(List<List<String>> places) {
    if (places.isEmpty()) {
      return 0;
    }
    List<String> first = places.get(0);
    int shared = first.size() - 1;
    for (List<String> place : places) {
      shared = Math.min(shared, place.size() - 1);
      for (int i = 0; i < shared; i++) {
        if (!place.get(i).equals(first.get(i))) {
          shared = i;
        }
      }
    }
    return shared;
  }
}
