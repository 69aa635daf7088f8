package io.millrace.analysis.image;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and decodes image files from wherever they lie. Whatever is wrong with a file is a result,
 * so that one of them never stops the others. For use by one thread.
 */
public final class ImageFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);

  private final long maxBytes;
  private final Map<StorageUri.Scheme, ObjectStore> stores = new EnumMap<>(StorageUri.Scheme.class);

  /**
   * A reader.
   *
   * @param maxBytes larger files are not decoded; at least 1
   */
  public ImageFiles(long maxBytes) {
    checkArgument(maxBytes >= 1, "Invalid image limit: %s bytes (expected at least 1)", maxBytes);
    this.maxBytes = maxBytes;
  }

  /** The pixels of a file, or why there are none. */
  public DecodedImage read(StorageUri source) {
    if (source.isContent()) {
      return new DecodedImage.Failed(Unreadable.NOT_AN_IMAGE);
    }
    try (InputStream stream = store(source).open(source)) {
      byte[] bytes = stream.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
      return bytes.length > maxBytes
          ? new DecodedImage.Failed(Unreadable.TOO_LARGE)
          : ImageDecoder.decode(bytes);
    } catch (FileNotFoundException | NoSuchFileException e) {
      return new DecodedImage.Failed(Unreadable.MISSING);
    } catch (IOException e) {
      LOG.warn("Could not read {}", source, e);
      return new DecodedImage.Failed(Unreadable.STORAGE_FAILED);
    }
  }

  private ObjectStore store(StorageUri source) {
    return stores.computeIfAbsent(source.scheme(), scheme -> ObjectStores.of(source));
  }
}
