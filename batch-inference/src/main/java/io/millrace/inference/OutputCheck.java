package io.millrace.inference;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses an output that would become part of the input. */
public final class OutputCheck {
  private OutputCheck() {}

  /**
   * Checks that results do not land inside the input; symbolic links do not hide it.
   *
   * @throws DatasetException if they would
   */
  public static void checkOutside(BatchInput input, StorageUri output) {
    if (input instanceof BatchInput.Directory directory) {
      checkOutside(directory.uri(), "input", output);
    } else if (input instanceof BatchInput.Version version) {
      checkOutside(version.layout().root(), "dataset", output);
    }
  }

  private static void checkOutside(StorageUri container, String what, StorageUri output) {
    if (real(output).isSameOrBelow(real(container))) {
      throw new DatasetException(
          "Cannot write results to %s: it lies inside the %s %s. Choose a directory outside of it."
              .formatted(output, what, container));
    }
  }

  private static StorageUri real(StorageUri uri) {
    return uri.localPath().map(path -> StorageUri.of(real(path))).orElse(uri);
  }

  /** Resolves the links of as much of the path as is there. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    if (Files.exists(absolute) || absolute.getParent() == null) {
      try {
        return absolute.toRealPath();
      } catch (IOException e) {
        throw new DatasetException("Cannot use %s: %s".formatted(path, e), e);
      }
    }
    return real(absolute.getParent()).resolve(absolute.getFileName());
  }
}
