package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import java.util.Locale;

/** Where the images come from. */
public sealed interface BatchInput {

  /** Every image at any depth below a directory; files of other types are counted and left out. */
  record Directory(StorageUri uri) implements BatchInput {
    public Directory {
      requireNonNull(uri, "uri is null");
      checkArgument(
          !uri.isContent() && uri.scheme() != StorageUri.Scheme.HTTPS,
          "Invalid input: %s is no directory (expected a directory, a .manifest file or a dataset"
              + " version)",
          uri);
    }

    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /** The files that a manifest names, one a line. */
  record ManifestFile(StorageUri uri) implements BatchInput {
    public ManifestFile {
      requireNonNull(uri, "uri is null");
      checkArgument(
          isManifestName(uri), "Invalid input: %s (expected a name that ends in .manifest)", uri);
    }

    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /** A part of a published version of the dataset that lies at {@code layout}. */
  record Version(DatasetLayout layout, DatasetRef ref, PartSelection part) implements BatchInput {
    public Version {
      requireNonNull(layout, "layout is null");
      requireNonNull(ref, "ref is null");
      requireNonNull(part, "part is null");
    }

    @Override
    public String toString() {
      return ref + ", part " + part;
    }
  }

  /** A directory or, by its name, a manifest. */
  static BatchInput of(StorageUri uri) {
    return isManifestName(uri) ? new ManifestFile(uri) : new Directory(uri);
  }

  private static boolean isManifestName(StorageUri uri) {
    String name = uri.fileName().toLowerCase(Locale.ROOT);
    return name.endsWith(".manifest") || name.endsWith(".manifest.gz");
  }
}
