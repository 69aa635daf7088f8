package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.storage.StorageErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command says of the failure that ended it: one sentence, and what to do. */
final class FailureSentence {
  private static final Logger log = LoggerFactory.getLogger(FailureSentence.class);
  private static final String DISK_FULL = "No space left on device";
  private static final String READ_ONLY = "Read-only file system";
  private static final Pattern UNMADE_DIRECTORY =
      Pattern.compile(
          "(?:Mkdirs failed to create|Creating directories for path) file:(/[^\n]*?)(?: \\(exists=|$)");

  private FailureSentence() {}

  /**
   * The most helpful sentence that the failure or one of its causes gives: a message written for
   * the user, then a full disk or one that takes no writes, then why a storage elsewhere refused or
   * could not be reached, then what the storage said; anything else is a defect, and says so.
   */
  static String of(Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, each -> each != null, Throwable::getCause).toList();
    return firstMessage(causes, DatasetException.class)
        .or(() -> diskFull(causes))
        .or(() -> readOnly(causes))
        .or(() -> StorageErrors.sentence(failure))
        .or(() -> firstMessage(causes, UncheckedIOException.class))
        .or(() -> firstMessage(causes, IOException.class))
        .orElseGet(() -> defect(causes.get(causes.size() - 1)));
  }

  private static Optional<String> firstMessage(
      List<Throwable> causes, Class<? extends Throwable> type) {
    return causes.stream()
        .filter(type::isInstance)
        .map(Throwable::getMessage)
        .filter(message -> message != null && !message.isBlank())
        .findFirst();
  }

  private static Optional<String> diskFull(List<Throwable> causes) {
    return causes.stream().anyMatch(each -> String.valueOf(each.getMessage()).contains(DISK_FULL))
        ? Optional.of(
            "Cannot finish: the disk is full (%s). Nothing was changed that others can see; free some space and run it again."
                .formatted(DISK_FULL))
        : Optional.empty();
  }

  /** Hadoop says no more of a directory that it cannot make than that it cannot. */
  private static Optional<String> readOnly(List<Throwable> causes) {
    return causes.stream()
        .map(each -> UNMADE_DIRECTORY.matcher(String.valueOf(each.getMessage())))
        .filter(Matcher::find)
        .map(found -> Path.of(found.group(1)))
        .findFirst()
        .map(
            directory ->
                "Cannot make the directory %s: %s."
                    .formatted(
                        directory,
                        isOnReadOnlyFileSystem(directory)
                            ? READ_ONLY + ". Make it writable, or use another directory"
                            : "the file system refused it. Check permissions and free space"))
        .or(
            () ->
                causes.stream()
                    .map(each -> String.valueOf(each.getMessage()))
                    .filter(message -> message.contains(READ_ONLY))
                    .findFirst()
                    .map(
                        message ->
                            "Cannot write: %s. Make it writable, or use another directory."
                                .formatted(message.strip())));
  }

  private static boolean isOnReadOnlyFileSystem(Path directory) {
    Path existing =
        Stream.iterate(directory, each -> each != null, Path::getParent)
            .filter(Files::exists)
            .findFirst()
            .orElse(directory.getRoot());
    try {
      return Files.getFileStore(existing).isReadOnly();
    } catch (IOException e) {
      log.debug("Nothing is known of the file system of {}", existing, e);
      return false;
    }
  }

  private static String defect(Throwable cause) {
    return "Cannot finish, for a reason that Millrace does not know: %s. Run it again with --debug and report what it prints."
        .formatted(cause);
  }
}
