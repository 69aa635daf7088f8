package io.millrace.inference;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.ConcurrentHashMap;

/** Reads inputs from wherever their addresses point, inline content included. */
public final class StorageInputReader implements InputReader {
  private final ConcurrentHashMap<StorageUri.Scheme, ObjectStore> stores =
      new ConcurrentHashMap<>();

  @Override
  public byte[] read(StorageUri source) throws BadInputException {
    byte[] content = source.isContent() ? inline(source) : stored(source);
    if (content.length == 0) {
      throw new BadInputException(
          FailureReason.EMPTY, "Cannot decode the image: it is empty (0 bytes).");
    }
    return content;
  }

  private static byte[] inline(StorageUri source) {
    return source.path().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] stored(StorageUri source) throws BadInputException {
    ObjectStore store = stores.computeIfAbsent(source.scheme(), scheme -> ObjectStores.of(source));
    try (InputStream stream = store.open(source)) {
      byte[] content = stream.readNBytes((int) MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new BadInputException(
            FailureReason.UNREADABLE,
            "Cannot read %s: it has more than %s bytes.".formatted(source, MAX_BYTES));
      }
      return content;
    } catch (IOException e) {
      throw new BadInputException(reason(e), e.getMessage(), e);
    }
  }

  static FailureReason reason(IOException failure) {
    if (failure instanceof FileNotFoundException) {
      return FailureReason.NOT_FOUND;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AccessDeniedException) {
        return FailureReason.ACCESS_DENIED;
      }
    }
    return FailureReason.UNREADABLE;
  }
}
