package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.training.InputDelivery;
import io.millrace.training.RunId;
import io.millrace.training.TrainingInput;
import java.io.IOException;
import java.util.Optional;

/**
 * What keeps locations on a storage that is not local from being used. It is asked before a job
 * starts: hours of training are too much for a slip in the name of a bucket.
 */
final class StoragePreflight {
  private final ObjectStore store;

  StoragePreflight(ObjectStore store) {
    this.store = store;
  }

  /** What keeps an input from being brought to the nodes, a sentence. */
  Optional<String> problemOf(TrainingInput input) {
    String what = "Input %s (%s)".formatted(input.name(), input.location());
    if (input.delivery() == InputDelivery.LINKED) {
      return Optional.of(
          "%s is no directory of this machine, so scripts cannot read it where it is. Let it be downloaded to each node (delivery: downloaded in a job file, --download %s)."
              .formatted(what, input.name()));
    }
    try {
      if (store.isDirectory(input.location())) {
        return Optional.empty();
      }
      return Optional.of(
          store.find(input.location()).isPresent()
              ? what + " is a single object. Give the directory that holds it."
              : what
                  + " does not exist. Give a directory that holds objects, or a dataset version.");
    } catch (IOException | DatasetException e) {
      return Optional.of("%s cannot be read: %s.".formatted(what, sentence(e)));
    }
  }

  /**
   * What keeps a location from being written, a sentence: an object is written and removed again.
   *
   * @param what the location is, as the subject of a sentence
   */
  Optional<String> problemOfWriting(String what, StorageUri location) {
    if (location.isContent() || location.scheme() == StorageUri.Scheme.HTTPS) {
      return Optional.of(
          what + " is no place that files can be written to. Give a directory or an object store.");
    }
    StorageUri probe = location.resolve(".millrace-probe-" + RunId.next());
    try {
      store.write(probe, out -> {});
      store.delete(probe);
      return Optional.empty();
    } catch (IOException | DatasetException e) {
      return Optional.of(
          "%s cannot be written: %s."
              .formatted(what, sentence(e).replace(probe.toString(), location.toString())));
    }
  }

  /** What an exception says, without the end of the sentence. */
  static String sentence(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
