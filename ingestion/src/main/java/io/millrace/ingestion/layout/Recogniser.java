package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds out which format a source has, for {@code format: auto}: asks every format that fits the
 * dataset how much a look at the source speaks for it, and takes the one with the most; of several,
 * the first in the order of {@link ImportFormat}.
 */
public final class Recogniser {
  /** How many extensions the failure lists. */
  private static final int MOST_EXTENSIONS = 8;

  private Recogniser() {}

  /** A format and what speaks for it. */
  public record Candidate(SourceFormat format, Recognition recognition) {
    public Candidate {
      requireNonNull(format, "format is null");
      requireNonNull(recognition, "recognition is null");
    }

    private String name() {
      return format.format().toString();
    }
  }

  /**
   * The format that a source has.
   *
   * @param runnerUp the one that it would else have been taken for; empty if nothing spoke for any
   */
  public record Recognised(Candidate best, Optional<Candidate> runnerUp) {
    public Recognised {
      requireNonNull(best, "best is null");
      requireNonNull(runnerUp, "runnerUp is null");
    }

    public SourceFormat format() {
      return best.format();
    }

    /**
     * Which format, why, and what came next, such as {@code format voc: 362 of 364 images seen have
     * an .xml file of their name (runner-up unlabelled: 364 of 730 files seen are of kind IMAGE)}.
     */
    public String explanation() {
      return "format %s: %s%s"
          .formatted(
              best.name(),
              best.recognition().evidence(),
              runnerUp
                  .map(
                      next ->
                          " (runner-up %s: %s)"
                              .formatted(next.name(), next.recognition().evidence()))
                  .orElse(""));
    }
  }

  /**
   * Recognises a source for a dataset of this task type.
   *
   * @throws DatasetException if it is of no format that fits, with the formats that were looked for
   *     and the files that were seen
   */
  public static Recognised recognise(SourceGlance glance, LabelTaskType taskType)
      throws IOException {
    List<SourceFormat> fitting =
        SourceFormats.all().stream()
            .filter(format -> format.taskTypes().contains(taskType))
            .toList();
    List<Candidate> candidates = new ArrayList<>();
    for (SourceFormat format : fitting) {
      Recognition recognition = format.recognise(glance, taskType);
      if (recognition.score() > 0) {
        candidates.add(new Candidate(format, recognition));
      }
    }
    // The sort is stable, and the formats come in the order of the enum.
    candidates.sort(
        Comparator.comparingInt((Candidate candidate) -> candidate.recognition().score())
            .reversed());
    if (candidates.isEmpty()) {
      throw ImportErrors.notRecognised(
          glance.source(),
          taskType,
          fitting.stream().map(SourceFormat::format).toList(),
          filesSeen(glance));
    }
    return new Recognised(candidates.get(0), candidates.stream().skip(1).findFirst());
  }

  /** The files seen, counted by extension, the most frequent first. */
  private static String filesSeen(SourceGlance glance) {
    if (glance.files().isEmpty()) {
      return "no files";
    }
    Map<String, Long> counts =
        glance
            .paths()
            .map(Recogniser::extension)
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    String most =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST_EXTENSIONS)
            .map(count -> "%d %s".formatted(count.getValue(), count.getKey()))
            .collect(Collectors.joining(", "));
    return counts.size() > MOST_EXTENSIONS ? most + ", and others" : most;
  }

  private static String extension(String path) {
    String name = SourceDirectory.fileName(path);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "without extension" : name.substring(dot).toLowerCase(Locale.ROOT);
  }
}
