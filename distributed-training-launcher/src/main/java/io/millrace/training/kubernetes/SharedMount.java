package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Storage that both the launcher's machine and the pods see: code, inputs and outputs of a job lie
 * on it. Where the two paths are equal, addresses of files in a dataset's manifest hold in pods
 * too.
 *
 * @param source what a pod mounts
 * @param here where it is on the launcher's machine; absolute
 * @param inPod where it is in a pod; absolute
 */
public record SharedMount(Source source, Path here, Path inPod) {

  /** What Kubernetes mounts. */
  public sealed interface Source {}

  /** A persistent volume claim of the job's namespace. */
  public record Claim(String name) implements Source {
    public Claim {
      checkArgument(
          name != null && !name.isBlank(), "Invalid claim: '%s' (expected the name of one)", name);
    }
  }

  /** A directory that every machine of the cluster has under that path, such as an NFS mount. */
  public record HostPath(Path path) implements Source {
    public HostPath {
      checkArgument(path.isAbsolute(), "Invalid host path: '%s' (expected an absolute path)", path);
    }
  }

  public SharedMount {
    requireNonNull(source, "source is null");
    checkArgument(here.isAbsolute(), "Invalid mount: '%s' (expected an absolute path)", here);
    checkArgument(
        inPod.isAbsolute() && inPod.getNameCount() > 0,
        "Invalid mount in pods: '%s' (expected an absolute path other than /)",
        inPod);
    here = here.normalize();
    inPod = inPod.normalize();
  }

  /**
   * Reads {@code pvc:NAME=HERE} or {@code host:PATH=HERE}, either with {@code :IN_POD} behind it
   * where the path in pods is another.
   */
  public static SharedMount parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':');
    checkArgument(
        colon > 0 && equals > colon,
        "Invalid mount: '%s' (expected pvc:CLAIM=DIRECTORY or host:PATH=DIRECTORY, with :DIRECTORY_IN_PODS behind it where that is another)",
        text);
    String kind = text.substring(0, colon);
    String what = text.substring(colon + 1, equals);
    String[] paths = text.substring(equals + 1).split(":", 2);
    Source source =
        switch (kind) {
          case "pvc" -> new Claim(what);
          case "host" -> new HostPath(Path.of(what));
          default -> {
            checkArgument(false, "Invalid mount: '%s' (expected pvc: or host:)", text);
            throw new IllegalStateException(kind);
          }
        };
    return new SharedMount(source, Path.of(paths[0]), Path.of(paths[paths.length - 1]));
  }

  /** The way from the mount to a file or directory of the launcher's machine, if it lies on it. */
  Optional<Path> relative(Path local) {
    Path absolute = local.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? Optional.of(here.relativize(absolute)) : Optional.empty();
  }
}
