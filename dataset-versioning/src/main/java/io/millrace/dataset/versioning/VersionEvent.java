package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import java.time.Instant;

/** Something that happened to the versions of a dataset. Events are never changed or removed. */
public sealed interface VersionEvent {

  Instant at();

  /** A version exists from now on, and is the current one of its branch. */
  record Published(DatasetVersion version) implements VersionEvent {
    public Published {
      requireNonNull(version, "version is null");
    }

    @Override
    public Instant at() {
      return version.createdAt();
    }
  }

  /** A version is the one that references to its branch mean. */
  record MadeCurrent(BranchName branch, VersionName version, Instant at) implements VersionEvent {
    public MadeCurrent {
      requireNonNull(branch, "branch is null");
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }
  }

  /** A version cannot be read any more; its name stays taken. */
  record Deleted(VersionName version, Instant at) implements VersionEvent {
    public Deleted {
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }
  }

  /** A tag marks a version, and no longer the one it marked before. */
  record Tagged(TagName tag, VersionName version, Instant at) implements VersionEvent {
    public Tagged {
      requireNonNull(tag, "tag is null");
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }
  }

  /** A tag is gone. */
  record Untagged(TagName tag, Instant at) implements VersionEvent {
    public Untagged {
      requireNonNull(tag, "tag is null");
      requireNonNull(at, "at is null");
    }
  }

  /** A branch exists from now on; the version that it begins with is its current one. */
  record Branched(Branch branch, Instant at) implements VersionEvent {
    public Branched {
      requireNonNull(branch, "branch is null");
      requireNonNull(at, "at is null");
    }
  }

  /** A branch is gone; the versions published on it stay. */
  record BranchDeleted(BranchName branch, Instant at) implements VersionEvent {
    public BranchDeleted {
      requireNonNull(branch, "branch is null");
      requireNonNull(at, "at is null");
    }
  }
}
