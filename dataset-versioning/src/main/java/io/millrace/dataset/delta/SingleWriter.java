package io.millrace.dataset.delta;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Commits to a store that heeds no conditions, by a user's promise that one process alone writes
 * there: {@code fs.s3a.millrace.single-writer=true}, for Huawei's storage {@code
 * fs.obs.millrace.single-writer}, or for one bucket {@code fs.s3a.bucket.NAME.millrace...}. The
 * threads of that process take turns.
 */
final class SingleWriter {
  private static final String PROMISE = "millrace.single-writer";

  private SingleWriter() {}

  static boolean isPromised(FileSystem files, Path path) {
    String ofScheme = "fs." + path.toUri().getScheme() + "." + PROMISE;
    return files.getConf().getBoolean("fs.s3a." + PROMISE, false)
        || files.getConf().getBoolean(ofScheme, false);
  }

  static synchronized void create(FileSystem files, Path path, byte[] content) throws IOException {
    if (files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    ConditionalPut.replace(files, path, content);
  }
}
