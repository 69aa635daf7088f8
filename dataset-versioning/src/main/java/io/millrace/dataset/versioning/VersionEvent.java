package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import java.time.Instant;

/** Something that happened to the versions of a dataset. Events are never changed or removed. */
public sealed interface VersionEvent {

  Instant at();

  /** What was done, to be told to somebody, such as {@code publish V001 on main}. */
  String operation();

  /** A version exists from now on, and is the current one of its branch. */
  record Published(DatasetVersion version) implements VersionEvent {
    public Published {
      requireNonNull(version, "version is null");
    }

    @Override
    public Instant at() {
      return version.createdAt();
    }

    @Override
    public String operation() {
      return "publish %s on %s".formatted(version.name(), version.branch());
    }
  }

  /** A version is the one that references to its branch mean. */
  record MadeCurrent(BranchName branch, VersionName version, Instant at) implements VersionEvent {
    public MadeCurrent {
      requireNonNull(branch, "branch is null");
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "make %s current on %s".formatted(version, branch);
    }
  }

  /** A version cannot be read any more; its name stays taken. */
  record Deleted(VersionName version, Instant at) implements VersionEvent {
    public Deleted {
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "delete %s".formatted(version);
    }
  }

  /** A tag marks a version, and no longer the one it marked before. */
  record Tagged(TagName tag, VersionName version, Instant at) implements VersionEvent {
    public Tagged {
      requireNonNull(tag, "tag is null");
      requireNonNull(version, "version is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "tag %s as %s".formatted(version, tag);
    }
  }

  /** A tag is gone. */
  record Untagged(TagName tag, Instant at) implements VersionEvent {
    public Untagged {
      requireNonNull(tag, "tag is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "remove the tag %s".formatted(tag);
    }
  }

  /** A branch exists from now on; the version that it begins with is its current one. */
  record Branched(Branch branch, Instant at) implements VersionEvent {
    public Branched {
      requireNonNull(branch, "branch is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "create branch %s".formatted(branch);
    }
  }

  /** A branch is gone; the versions published on it stay. */
  record BranchDeleted(BranchName branch, Instant at) implements VersionEvent {
    public BranchDeleted {
      requireNonNull(branch, "branch is null");
      requireNonNull(at, "at is null");
    }

    @Override
    public String operation() {
      return "delete branch %s".formatted(branch);
    }
  }
}
