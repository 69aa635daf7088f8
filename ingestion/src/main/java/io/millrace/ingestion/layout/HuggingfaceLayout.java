package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HuggingFace's folders of images, recordings or videos: files, and {@code metadata.jsonl} or
 * {@code metadata.csv} in the same directory or above, which name them and say what is known of
 * them; see {@link HuggingfaceRow}. Directories named train, validation, test and their like give
 * the usage.
 *
 * <ul>
 *   <li>A row whose file is not there is refused.
 *   <li>A file that no row names is imported without labels, and noted.
 *   <li>Where there is no metadata at all, the directory that holds a file is its label in datasets
 *       of image and audio classification, unless it is the directory of a usage.
 * </ul>
 *
 * @param source a directory
 * @param hasMetadata whether the source holds metadata
 * @param lineBytes how many bytes a line of metadata may have
 */
public record HuggingfaceLayout(
    StorageUri source, LabelTaskType taskType, boolean hasMetadata, long lineBytes)
    implements ImportLayout {
  private static final String DATA = "data";

  public HuggingfaceLayout {
    requireNonNull(source, "source is null");
    requireNonNull(taskType, "taskType is null");
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    String path = new SourceDirectory(source).relativePath(object.uri());
    if (HuggingfaceMetadata.isMetadata(path)) {
      return new HuggingfaceMetadata(source, object.uri(), taskType, lineBytes).entries(stores);
    }
    return Stream.of(
        MediaFiles.accepts(taskType.kind(), path)
            ? new MediaFile(path, object)
            : new LayoutEntry.OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<MediaFile> files = new ArrayList<>();
    List<Described> rows = new ArrayList<>();
    boolean isOther = false;
    for (LayoutEntry entry : entries) {
      if (entry instanceof MediaFile file) {
        files.add(file);
      } else if (entry instanceof Described row) {
        rows.add(row);
      } else if (entry instanceof LayoutEntry.Broken broken) {
        outcomes.add(broken.refused());
      } else if (entry instanceof LayoutEntry.Remark remark) {
        outcomes.add(new Outcome.Aside(remark.note()));
      } else if (entry instanceof LayoutEntry.OtherFile) {
        isOther = true;
        outcomes.add(new Outcome.Aside(Note.OTHER_FILE));
      } else {
        throw new IllegalStateException("A folder of files has no entry such as " + entry);
      }
    }
    rows.sort(
        Comparator.comparing((Described row) -> row.file().value())
            .thenComparingLong(Described::line));
    if (files.isEmpty() && !rows.isEmpty()) {
      outcomes.add(withoutFile(rows.get(0), isOther));
    }
    for (MediaFile file : files) {
      outcomes.add(rows.isEmpty() ? unlisted(file, inspector) : listed(file, rows, inspector));
    }
    return outcomes;
  }

  /** The usage that a directory of this name gives its files. */
  static Optional<Usage> usage(String directory) {
    return switch (directory.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(Usage.TRAIN);
      case "validation", "valid", "val", "dev" -> Optional.of(Usage.EVAL);
      case "test", "testing", "eval", "evaluation" -> Optional.of(Usage.TEST);
      default -> Optional.empty();
    };
  }

  /** The directories of a path, without a first one named data. */
  static List<String> directories(String path) {
    List<String> names = Arrays.asList(path.split("/"));
    boolean isInData = names.size() > 1 && names.get(0).equals(DATA);
    return names.subList(isInData ? 1 : 0, names.size() - 1);
  }

  private static Outcome withoutFile(Described row, boolean isOther) {
    DatasetKind kind = row.sample().kind();
    return new Outcome.Refused(
        row.place(),
        isOther ? RejectReason.WRONG_KIND : RejectReason.SOURCE_MISSING,
        isOther
            ? "%s is no file of kind %s.".formatted(row.sample().source(), kind)
            : "There is no file %s.".formatted(row.sample().source()));
  }

  private Outcome listed(MediaFile file, List<Described> rows, SampleInspector inspector) {
    Sample said = SampleMerge.of(rows.stream().map(Described::sample).toList());
    return inspector
        .media(taskType.kind(), file.file(), usageOf(file), List.of())
        .then(
            found ->
                inspector.withObjects(
                    new Outcome.Accepted(
                        found.sample().withProperties(said.properties()),
                        found.notes(),
                        rows.size() - 1L),
                    said.annotations()));
  }

  private Outcome unlisted(MediaFile file, SampleInspector inspector) {
    boolean isLabelledByDirectory =
        !hasMetadata
            && (taskType == LabelTaskType.IMAGE_CLASSIFICATION
                || taskType == LabelTaskType.AUDIO_CLASSIFICATION);
    if (isLabelledByDirectory && labelDirectory(file.key()).isPresent()) {
      return new LabelDirectory(source, taskType)
          .labelled(file.file(), inspector)
          .then(found -> found.with(found.sample().withUsage(usageOf(file))));
    }
    return inspector.media(
        taskType.kind(), file.file(), usageOf(file), List.of(Note.UNLABELLED_FILE));
  }

  /** The directory whose name is a file's label; empty where that would be its usage. */
  static Optional<String> labelDirectory(String path) {
    List<String> directories = directories(path);
    boolean isInUsage = !directories.isEmpty() && usage(directories.get(0)).isPresent();
    return directories.size() > (isInUsage ? 1 : 0)
        ? Optional.of(directories.get(directories.size() - 1))
        : Optional.empty();
  }

  private static Optional<Usage> usageOf(MediaFile file) {
    return directories(file.key()).stream().findFirst().flatMap(HuggingfaceLayout::usage);
  }
}
