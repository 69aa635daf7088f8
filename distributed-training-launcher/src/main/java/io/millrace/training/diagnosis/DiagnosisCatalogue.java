package io.millrace.training.diagnosis;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.DatasetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Known errors in an order: a line of a log speaks for the first that it matches, so that the
 * special stand before the general. Unchangeable, so that any number of threads may use it.
 */
public final class DiagnosisCatalogue {
  private static final String RESOURCE = "catalogue.json";
  private static final DiagnosisCatalogue SHIPPED = new DiagnosisCatalogue(() -> Shipped.ERRORS);

  private final Supplier<List<KnownError>> errors;

  private DiagnosisCatalogue(Supplier<List<KnownError>> errors) {
    this.errors = errors;
  }

  private static DiagnosisCatalogue of(List<KnownError> errors) {
    Set<String> ids = new HashSet<>();
    for (KnownError error : errors) {
      checkArgument(
          ids.add(error.id()),
          "Cannot read the catalogue: two entries have the id '%s'. Rename one.",
          error.id());
    }
    List<KnownError> unchanged = List.copyOf(errors);
    return new DiagnosisCatalogue(() -> unchanged);
  }

  /** Read when it is first used: most runs do not fail, and none should wait for it to start. */
  private static final class Shipped {
    static final List<KnownError> ERRORS = load();

    private static List<KnownError> load() {
      try (InputStream source = DiagnosisCatalogue.class.getResourceAsStream(RESOURCE)) {
        if (source == null) {
          throw new IllegalStateException("The resource " + RESOURCE + " is missing");
        }
        return read(source).errors();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the resource " + RESOURCE, e);
      }
    }
  }

  /** The catalogue that Millrace brings. */
  public static DiagnosisCatalogue shipped() {
    return SHIPPED;
  }

  /**
   * Reads a catalogue, a JSON list of entries.
   *
   * @param source UTF-8; left open
   * @throws DatasetException if it is no catalogue, naming the entry and the field
   */
  public static DiagnosisCatalogue read(InputStream source) throws IOException {
    String text = new String(source.readAllBytes(), StandardCharsets.UTF_8);
    return of(CatalogueJson.read(text));
  }

  /** As {@link #read(InputStream)}, from a file, which failures name too. */
  public static DiagnosisCatalogue read(Path file) throws IOException {
    try (InputStream source = Files.newInputStream(file)) {
      return read(source);
    } catch (DatasetException e) {
      throw new DatasetException("%s (%s)".formatted(e.getMessage(), file), e);
    }
  }

  /**
   * These errors after those of another catalogue; where both have an id, the other's entry counts.
   */
  public DiagnosisCatalogue precededBy(DiagnosisCatalogue own) {
    Set<String> replaced = own.errors().stream().map(KnownError::id).collect(Collectors.toSet());
    return of(
        Stream.concat(
                own.errors().stream(),
                errors().stream().filter(error -> !replaced.contains(error.id())))
            .toList());
  }

  /** In their order. */
  public List<KnownError> errors() {
    return errors.get();
  }

  /**
   * Reads the logs of a failed run, each once and line by line.
   *
   * @param logs that of the worker to blame first, since those of different workers are not
   *     compared in time
   * @return at most one diagnosis of each error: by {@link KnownError.Kind}, then in the order of
   *     the logs, then by line; what only an exit code tells is last among the equals of its log
   */
  public List<Diagnosis> diagnose(List<WorkerLog> logs) throws IOException {
    Map<Integer, Found> found = new TreeMap<>();
    for (int place = 0; place < logs.size(); place++) {
      WorkerLog log = logs.get(place);
      for (Map.Entry<Integer, LogMatcher.Finding> each :
          LogMatcher.match(errors(), log).entrySet()) {
        Found before = found.get(each.getKey());
        if (before == null) {
          KnownError error = errors().get(each.getKey());
          found.put(each.getKey(), new Found(error, place, log.worker(), each.getValue()));
        } else {
          before.alsoIn.add(log.worker());
        }
      }
    }
    return found.values().stream()
        .sorted(
            Comparator.comparing((Found each) -> each.error.kind())
                .thenComparing(each -> each.place)
                .thenComparing(Found::firstLine))
        .map(Found::toDiagnosis)
        .toList();
  }

  /** Where an error was found first, and where else. */
  private static final class Found {
    private final KnownError error;
    private final int place;
    private final String worker;
    private final LogMatcher.Finding finding;
    private final List<String> alsoIn = new ArrayList<>();

    Found(KnownError error, int place, String worker, LogMatcher.Finding finding) {
      this.error = error;
      this.place = place;
      this.worker = worker;
      this.finding = finding;
    }

    long firstLine() {
      return finding.lines().isEmpty() ? Long.MAX_VALUE : finding.lines().get(0).number();
    }

    Diagnosis toDiagnosis() {
      return new Diagnosis(
          error, worker, finding.lines(), finding.count(), finding.exitCode(), alsoIn);
    }
  }
}
