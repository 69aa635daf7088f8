package io.millrace.training.gang;

import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.training.InputDelivery;
import io.millrace.training.NodeLayout;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Downloads the inputs of a job to its nodes, in one attempt. The first node gets them from
 * storage, the others, whose directories lie on the same disk, as further names of the same files.
 */
final class NodeInputs {
  private static final int MOST_NAMED = 3;

  /** What a node has got. */
  record Downloaded(long files, long bytes) {}

  private final TrainingJob job;
  private final List<NodeLayout> nodes;
  private final LaunchSettings settings;
  private final BooleanSupplier isWanted;
  private final Map<String, Integer> firstNodes = new HashMap<>();
  private final Map<String, Downloaded> first = new HashMap<>();

  /**
   * @param isWanted false once the run is to end; then what was begun is left unfinished
   */
  NodeInputs(
      TrainingJob job, List<NodeLayout> nodes, LaunchSettings settings, BooleanSupplier isWanted) {
    this.job = job;
    this.nodes = nodes;
    this.settings = settings;
    this.isWanted = isWanted;
  }

  /**
   * Brings an input to a node.
   *
   * @return empty if the node reads it where it lies
   * @throws TrainingException if it cannot be brought, naming the file
   */
  Optional<Downloaded> bring(int node, TrainingInput input)
      throws IOException, InterruptedException {
    if (input.delivery() == InputDelivery.LINKED) {
      return Optional.empty();
    }
    Path target = nodes.get(node).inputDirectory(job, input);
    Files.createDirectories(target);
    Integer other = firstNodes.get(input.name());
    if (other != null) {
      share(nodes.get(other).inputDirectory(job, input), target, input);
    } else {
      try {
        first.put(input.name(), download(input, target));
      } catch (IOException | UncheckedIOException e) {
        throw new TrainingException(
            "Cannot download input %s: %s".formatted(input.name(), e.getMessage()), e);
      }
      firstNodes.put(input.name(), node);
    }
    return Optional.of(first.get(input.name()));
  }

  /** Whether what was brought is whole: nobody has asked the run to end. */
  boolean isWanted() {
    return isWanted.getAsBoolean();
  }

  private Downloaded download(TrainingInput input, Path target)
      throws IOException, InterruptedException {
    StorageUri location = input.location();
    ObjectStore store = settings.storageOf(location);
    List<StoredObject> objects = list(store, location);
    if (objects.isEmpty()) {
      throw new IOException("there is no file in %s".formatted(location));
    }
    long bytes = objects.stream().mapToLong(StoredObject::sizeBytes).sum();
    DiskSpace.require(target, bytes, "input %s (%s)".formatted(input.name(), location));
    List<String> manifests = new ArrayList<>();
    Set<Path> listed = new HashSet<>();
    try (FileDownloads downloads = new FileDownloads(settings, isWanted)) {
      for (StoredObject object : objects) {
        String name = location.relativize(object.uri());
        if (input.version().isPresent() && VersionManifest.isManifest(name)) {
          manifests.add(name);
        } else {
          Path copy = target.resolve(name);
          listed.add(copy.normalize());
          downloads.add(object.uri(), OptionalLong.of(object.sizeBytes()), copy);
        }
      }
      VersionManifest manifest =
          new VersionManifest(
              location,
              target,
              (source, copy) -> {
                if (!listed.contains(copy)) {
                  downloads.add(source, OptionalLong.empty(), copy);
                }
              });
      for (String name : manifests) {
        if (isWanted.getAsBoolean()) {
          manifest.write(store, name);
        }
      }
      FileDownloads.Result result = downloads.finish();
      if (result.missing() > 0) {
        throw missing(input, result);
      }
      return new Downloaded(result.files() + manifests.size(), result.bytes());
    }
  }

  private static TrainingException missing(TrainingInput input, FileDownloads.Result result) {
    return new TrainingException(
        "Cannot download input %s: %d of the %d files that %s names are missing: %s. Bring them back or give another version."
            .formatted(
                input.name(),
                result.missing(),
                result.missing() + result.files(),
                input.version().map(Object::toString).orElse(input.location().toString()),
                FirstNamed.of(result.firstMissing(), ", ", MOST_NAMED, result.missing())));
  }

  private static List<StoredObject> list(ObjectStore store, StorageUri directory)
      throws IOException {
    try (Stream<StoredObject> objects = store.list(directory)) {
      return objects.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void share(Path from, Path to, TrainingInput input) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(from)) {
      files = tree.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      Path relative = from.relativize(file);
      Path copy = to.resolve(relative);
      Files.createDirectories(copy.getParent());
      if (input.version().isPresent() && VersionManifest.isManifest(relative.toString())) {
        VersionManifest.write(file, from, copy, to);
      } else {
        link(file, copy);
      }
    }
  }

  /** A second name for a file, or a copy where the file system has no such names. */
  private static void link(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(file, copy);
    }
  }
}
