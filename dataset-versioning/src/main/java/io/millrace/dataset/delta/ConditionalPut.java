package io.millrace.dataset.delta;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/** Objects written in one request, as S3A sends it. */
final class ConditionalPut {
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;

  private ConditionalPut() {}

  /**
   * Writes an object with {@code If-None-Match: *}.
   *
   * @throws IOException if it is there, says a store that heeds the condition; see {@link
   *     #isRefusal}
   * @throws IllegalArgumentException if the file system knows no such condition
   */
  static void create(FileSystem files, Path path, byte[] content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> object = files.createFile(path);
    object.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    write(object, content);
  }

  /** Writes an object, in the place of one of the same name. */
  static void replace(FileSystem files, Path path, byte[] content) throws IOException {
    write(files.createFile(path), content);
  }

  /**
   * Whether a failure is the store's answer to the condition: 412 where the object exists, 409
   * where another upload of it ends at this moment ({@code ConditionalRequestConflict}), upon which
   * S3 asks for another attempt. S3A has an exception for the first and takes the second for a bad
   * request.
   */
  static boolean isRefusal(IOException failure) {
    return Stream.iterate((Throwable) failure, each -> each != null, Throwable::getCause)
        .anyMatch(ConditionalPut::saysRefused);
  }

  private static boolean saysRefused(Throwable cause) {
    if (cause instanceof AWSServiceIOException answer) {
      return answer.statusCode() == CONFLICT || answer.statusCode() == PRECONDITION_FAILED;
    }
    return cause instanceof RemoteFileChangedException
        || cause instanceof FileAlreadyExistsException;
  }

  private static void write(FSDataOutputStreamBuilder<?, ?> object, byte[] content)
      throws IOException {
    object.overwrite(true);
    object.recursive();
    FSDataOutputStream out = object.build();
    try {
      out.write(content);
    } catch (IOException e) {
      abandon(out, e);
      throw e;
    }
    out.close();
  }

  /** A stream that is closed shows what was written so far. */
  private static void abandon(FSDataOutputStream out, IOException failure) {
    if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
      out.abort();
      return;
    }
    failure.addSuppressed(new IOException("The upload could not be abandoned"));
  }
}
