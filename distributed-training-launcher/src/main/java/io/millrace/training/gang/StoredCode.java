package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.training.CodeCensus;
import io.millrace.training.CodeDirectory;
import io.millrace.training.CodeLocation;
import io.millrace.training.CodeSurvey;
import io.millrace.training.FileTree;
import io.millrace.training.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Code on an object store or HDFS, of which each run downloads one snapshot. */
final class StoredCode implements CodeSource {
  private static final int MOST_NAMED = 3;

  private final CodeLocation code;
  private final LaunchSettings settings;
  private final ObjectStore store;

  StoredCode(CodeLocation code, LaunchSettings settings) {
    this.code = code;
    this.settings = settings;
    this.store = settings.storage();
  }

  @Override
  public CodeSurvey survey(Optional<String> bootFile) {
    try {
      Listing listing = list();
      CodeCensus census = listing.census();
      if (listing.objects().isEmpty()) {
        return CodeSurvey.ofNoDirectory(code, whyEmpty());
      }
      List<String> problems = new ArrayList<>();
      census.excess().ifPresent(excess -> problems.add(CodeSurvey.tooMuch(code, excess)));
      if (bootFile.isPresent() && !holds(bootFile.get())) {
        problems.add(CodeSurvey.noBootFile(code, bootFile.get()));
      }
      return new CodeSurvey(problems, census.excess().isPresent() ? 0 : census.bytes());
    } catch (IOException | DatasetException e) {
      return CodeSurvey.hopeless(
          "Code-dir %s cannot be read: %s.".formatted(code, StoragePreflight.sentence(e)));
    }
  }

  private String whyEmpty() throws IOException {
    if (store.isDirectory(code.uri())) {
      return "holds no files";
    }
    return store.find(code.uri()).isPresent() ? "is a single object" : "does not exist";
  }

  /** Asked by itself: a listing that has met a limit does not have all files. */
  private boolean holds(String file) throws IOException {
    return store.find(code.uri().resolve(Path.of(file).normalize().toString())).isPresent();
  }

  /** The snapshot that the nodes' copies are made of is one more. */
  @Override
  public int copies(int nodes) {
    return nodes + 1;
  }

  @Override
  public Optional<CodeDirectory> bring(Path snapshot, BooleanSupplier isWanted)
      throws IOException, InterruptedException {
    if (!Files.exists(snapshot) && isWanted.getAsBoolean()) {
      Path unfinished = snapshot.resolveSibling(snapshot.getFileName() + ".unfinished");
      try {
        download(unfinished, isWanted);
        if (isWanted.getAsBoolean()) {
          Files.move(unfinished, snapshot);
        }
      } catch (IOException | DatasetException e) {
        throw new TrainingException(
            "Cannot download code-dir %s: %s".formatted(code, StoragePreflight.sentence(e)), e);
      } finally {
        FileTree.delete(unfinished);
      }
    }
    return Files.exists(snapshot) ? Optional.of(CodeDirectory.read(snapshot)) : Optional.empty();
  }

  private void download(Path target, BooleanSupplier isWanted)
      throws IOException, InterruptedException {
    Listing listing = list();
    CodeCensus census = listing.census();
    if (listing.objects().isEmpty() || census.excess().isPresent()) {
      throw new IOException(
          census.excess().map(excess -> "it " + excess).orElse("there is no file in it"));
    }
    Files.createDirectories(target);
    DiskSpace.require(target, census.bytes(), "code-dir " + code);
    try (FileDownloads downloads = new FileDownloads(settings, isWanted)) {
      for (StoredObject object : listing.objects()) {
        downloads.add(
            object.uri(),
            OptionalLong.of(object.sizeBytes()),
            target.resolve(pathOf(object.uri())));
      }
      FileDownloads.Result result = downloads.finish();
      if (result.missing() > 0) {
        throw new IOException(
            "%d of its files were removed meanwhile: %s"
                .formatted(
                    result.missing(),
                    FirstNamed.of(result.firstMissing(), ", ", MOST_NAMED, result.missing())));
      }
    }
  }

  /**
   * What belongs to the code, up to the first limit exceeded.
   *
   * @param objects those that the census has counted
   */
  private record Listing(CodeCensus census, List<StoredObject> objects) {}

  private Listing list() throws IOException {
    CodeCensus census = new CodeCensus();
    List<StoredObject> belonging = new ArrayList<>();
    try (Stream<StoredObject> objects = store.list(code.uri())) {
      Iterator<StoredObject> each = objects.iterator();
      boolean goesOn = true;
      while (goesOn && each.hasNext()) {
        StoredObject object = each.next();
        Path path = pathOf(object.uri());
        if (CodeCensus.belongs(path)) {
          belonging.add(object);
          goesOn = census.add(path, object.sizeBytes());
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new Listing(census, belonging);
  }

  /** Names of objects may be what no path of a file is. */
  private Path pathOf(StorageUri object) throws IOException {
    String name = code.uri().relativize(object);
    Path path = Path.of(name);
    boolean isBelow = path.equals(path.normalize()) && !path.startsWith("..");
    if (!isBelow || path.isAbsolute() || !path.toString().equals(name)) {
      throw new IOException(
          "its object '%s' cannot be a file, because of its name; rename it".formatted(object));
    }
    return path;
  }
}
