package io.millrace.dataset.delta;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether stores heed {@code If-None-Match: *}. Not all that speak S3 do, and one that does not
 * answers as if it did: of two commits it would lose one without a word. So it is tried out, once a
 * process for each endpoint and bucket: an object is created under the condition, and a second
 * creation of it must be refused.
 *
 * <p>The object lies where the first commit goes, since whoever commits may write there, under a
 * random name that Delta does not look at; it is removed afterwards.
 */
final class ConditionalWrites {
  private static final Logger log = LoggerFactory.getLogger(ConditionalWrites.class);
  private static final Set<String> HEEDED_BY = ConcurrentHashMap.newKeySet();
  private static final byte[] CONTENT = {};

  private ConditionalWrites() {}

  /**
   * Returns if the store of this file system heeds conditions.
   *
   * @param directory where the probe is put
   * @throws DatasetException if it does not, or if that cannot be found out
   */
  static void require(FileSystem files, Path directory) {
    String store = files.getConf().get("fs.s3a.endpoint", "") + " " + files.getUri();
    if (HEEDED_BY.contains(store)) {
      return;
    }
    Path probe = new Path(directory, ".millrace-probe-" + UUID.randomUUID());
    StorageUri address = StorageUri.parse(probe.toString());
    boolean isCreated = false;
    try {
      ConditionalPut.create(files, probe, CONTENT);
      isCreated = true;
      if (!isRefused(files, probe)) {
        throw DatasetErrors.unconditionalStore(bucket(files), endpoint(files));
      }
    } catch (IOException e) {
      throw DatasetErrors.untestable(address, e);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw DatasetErrors.unconditionalClient(bucket(files), files.getClass().getName(), e);
    } finally {
      if (isCreated) {
        remove(files, probe);
      }
    }
    HEEDED_BY.add(store);
    log.debug("{} heeds conditions", store);
  }

  private static boolean isRefused(FileSystem files, Path probe) throws IOException {
    try {
      ConditionalPut.create(files, probe, CONTENT);
      return false;
    } catch (IOException e) {
      if (!ConditionalPut.isRefusal(e)) {
        throw e;
      }
      return true;
    }
  }

  /** An empty object that Delta does not look at may stay where deleting is not permitted. */
  private static void remove(FileSystem files, Path probe) {
    try {
      files.delete(probe, false);
    } catch (IOException e) {
      log.warn("Could not remove {}, which may be deleted at any time: {}", probe, e.getMessage());
    }
  }

  private static String bucket(FileSystem files) {
    return files.getUri().toString();
  }

  private static String endpoint(FileSystem files) {
    String endpoint = files.getConf().get("fs.s3a.endpoint", "");
    return endpoint.isBlank() ? "its default endpoint" : endpoint;
  }
}
