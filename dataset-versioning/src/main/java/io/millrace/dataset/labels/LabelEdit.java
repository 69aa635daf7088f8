package io.millrace.dataset.labels;

import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.filter.SampleFilter;
import java.io.Serializable;
import java.util.Set;

/**
 * A change of labels that is made to every sample of a selection, each by itself.
 *
 * <p>Every edit is idempotent: made to what it made, it changes nothing. So a command that was cut
 * off may be run again, and an edit that lost against another writer is made again on what that one
 * left.
 */
public sealed interface LabelEdit extends Serializable
    permits AddLabel,
        SetLabels,
        RenameLabel,
        DeleteLabel,
        ClearLabels,
        MarkHard,
        ConfirmLabels,
        RejectLabels {

  /** What becomes of a sample that was selected. */
  EditedSample edit(Sample sample);

  /** Its name in commits, in the audit and on the command line, such as {@code label rename}. */
  String operation();

  /** What it was asked to do, for commits and the audit. */
  Properties parameters();

  /**
   * The samples that it can change at all, and maybe more: what it leaves out need not be looked
   * at.
   */
  SampleFilter reach();

  /** The labels that samples may have afterwards and had not before. */
  Set<Label> brings();
}
