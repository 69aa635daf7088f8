package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestReader;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.manifest.Rejected;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All inputs of a task in their order.
 *
 * @param identity what the list is, in words that change with it: a task is only continued where
 *     they are the same
 * @param inputs at least one
 * @param base the directory that holds them all, where they were found in one
 * @param ignored files that are no images
 */
public record InputList(
    String identity, List<ListedInput> inputs, Optional<StorageUri> base, long ignored) {

  private static final AnnotationFiles ANNOTATION_FILES = new AnnotationFiles();

  public InputList {
    requireNonNull(identity, "identity is null");
    requireNonNull(base, "base is null");
    inputs = List.copyOf(inputs);
    checkArgument(
        !inputs.isEmpty(),
        "Cannot score %s: it names no image%s. Choose another input.",
        identity,
        ignored == 0 ? "" : " (" + ignored + " files of other types)");
  }

  /**
   * The images below a directory, by name. Hidden files, and files of hidden directories, are left
   * out: their names begin with a dot.
   *
   * @throws DatasetException if there is no such directory, or it cannot be listed
   */
  public static InputList ofDirectory(ObjectStore store, StorageUri directory) {
    List<StoredObject> objects;
    try {
      if (!store.isDirectory(directory)) {
        throw new DatasetException(
            "Cannot read input %s: there is no such directory. Give a directory, a .manifest file or NAME@VERSION."
                .formatted(directory));
      }
      try (Stream<StoredObject> listing = store.list(directory)) {
        objects =
            listing
                .filter(object -> !isHidden(directory, object.uri()))
                .sorted(Comparator.comparing(object -> object.uri().path()))
                .toList();
      }
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (UncheckedIOException e) {
      throw unreadable(directory, e.getCause());
    }
    List<ListedInput> images =
        objects.stream()
            .filter(object -> DatasetKind.IMAGE.accepts(object.uri().fileName()))
            .map(InputList::image)
            .toList();
    return new InputList(
        directory.canonical().toString(),
        images,
        Optional.of(directory),
        objects.size() - images.size());
  }

  /**
   * The files that a manifest names; a line that cannot be read is an input that fails.
   *
   * @param now the time of reading
   * @throws DatasetException if there is no such manifest, or it cannot be read
   */
  public static InputList ofManifest(ObjectStore store, StorageUri manifest, Instant now) {
    List<ListedInput> inputs = new ArrayList<>();
    MessageDigest digest = Digest.sha256();
    try (ManifestReader lines = ManifestReader.open(store, manifest, now, Limits.DEFAULT)) {
      while (lines.hasNext()) {
        ListedInput input = listed(manifest, lines.next());
        inputs.add(input);
        digest.update((key(input) + '\n').getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw unreadable(manifest, e);
    } catch (UncheckedIOException e) {
      throw unreadable(manifest, e.getCause());
    }
    String identity =
        manifest.canonical() + " (list " + HexFormat.of().formatHex(digest.digest(), 0, 8) + ")";
    return new InputList(identity, inputs, Optional.empty(), 0);
  }

  /** Where each input's answer goes, in their order; broken lines have a place that stays empty. */
  public List<String> answerPaths() {
    List<StorageUri> places = inputs.stream().map(InputList::place).toList();
    return base.map(directory -> AnswerPaths.below(directory, places))
        .orElseGet(() -> AnswerPaths.of(places));
  }

  /**
   * The images to score, leaving out broken lines.
   *
   * @param answered canonical addresses of the answers that earlier runs left
   */
  public List<ScoringInput> toScore(BatchOutput output, Set<String> answered) {
    List<String> paths = answerPaths();
    List<ScoringInput> toScore = new ArrayList<>(inputs.size());
    for (int position = 0; position < inputs.size(); position++) {
      if (inputs.get(position) instanceof ListedInput.Image image) {
        String answer = output.answer(paths.get(position)).canonical().value();
        toScore.add(
            new ScoringInput(
                position,
                image.source(),
                paths.get(position),
                answered.contains(answer)
                    ? ScoringInput.Progress.ANSWERED
                    : ScoringInput.Progress.OPEN));
      }
    }
    return toScore;
  }

  /** What the annotations of the input at a position say; files that hold them are read now. */
  public List<Annotation> truth(long position) {
    return inputs.get(Math.toIntExact(position)) instanceof ListedInput.Image image
        ? ANNOTATION_FILES.open(image.truth())
        : List.of();
  }

  /** Images over a size, as far as sizes are known. */
  public long countLargerThan(long bytes) {
    return inputs.stream()
        .filter(ListedInput.Image.class::isInstance)
        .map(ListedInput.Image.class::cast)
        .filter(image -> image.sizeBytes().orElse(0) > bytes)
        .count();
  }

  private static StorageUri place(ListedInput input) {
    return input instanceof ListedInput.Image image
        ? image.source()
        : StorageUri.ofContent(key(input));
  }

  private static String key(ListedInput input) {
    if (input instanceof ListedInput.Image image) {
      return image.source().canonical().value();
    } else if (input instanceof ListedInput.BrokenLine broken) {
      return broken.place();
    }
    throw new IllegalStateException("Unknown input " + input);
  }

  private static ListedInput image(StoredObject object) {
    return new ListedInput.Image(object.uri(), OptionalLong.of(object.sizeBytes()), List.of());
  }

  private static ListedInput listed(StorageUri manifest, ParsedLine line) {
    if (line instanceof Accepted accepted) {
      return new ListedInput.Image(
          accepted.sample().source(), OptionalLong.empty(), accepted.sample().annotations());
    } else if (line instanceof Rejected rejected) {
      return new ListedInput.BrokenLine(
          manifest + "#" + rejected.lineNumber(),
          "Cannot read line %s of the manifest, column %s: %s"
              .formatted(rejected.lineNumber(), rejected.column(), rejected.reason()));
    }
    throw new IllegalStateException("Unknown line " + line);
  }

  private static boolean isHidden(StorageUri directory, StorageUri file) {
    String below = file.path().substring(directory.path().length());
    return Stream.of(below.split("/")).anyMatch(name -> name.startsWith("."));
  }

  private static DatasetException unreadable(StorageUri input, IOException e) {
    String why =
        switch (StorageInputReader.reason(e)) {
          case NOT_FOUND -> "there is no such file";
          case ACCESS_DENIED -> "access is denied";
          case UNREADABLE, EMPTY, UNDECODABLE, MODEL_ERROR, BROKEN_LINE -> e.getMessage();
        };
    return new DatasetException("Cannot read input %s: %s.".formatted(input, why), e);
  }
}
