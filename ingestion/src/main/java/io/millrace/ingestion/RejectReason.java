package io.millrace.ingestion;

import java.util.Locale;

/** Why an import refused an input; the code is what reports and the table of rejects hold. */
public enum RejectReason {
  /** The file has no bytes. */
  EMPTY_FILE,
  /** The file has more bytes than the limit. */
  FILE_TOO_LARGE,
  /** The header announces more pixels than the limit. */
  TOO_MANY_PIXELS,
  /** The first bytes are those of no image. */
  UNKNOWN_IMAGE_TYPE,
  /** An image, of a type that datasets do not hold. */
  UNSUPPORTED_IMAGE_TYPE,
  /** The header contradicts itself or its format. */
  BROKEN_IMAGE_HEADER,
  /** The file ends before the image does. */
  TRUNCATED_IMAGE,
  /** The storage failed to read the file. */
  UNREADABLE_FILE,
  /** The bytes could not be copied into the dataset, or the copy is not what was read. */
  COPY_FAILED,
  /** An annotation file whose image is not there, or a manifest line whose source is not. */
  SOURCE_MISSING,
  /** The address names a storage that this build cannot read. */
  UNSUPPORTED_SOURCE,
  /** A manifest names an annotation file that is not there. */
  ANNOTATION_MISSING,
  /** An annotation file that is no valid Pascal VOC. */
  BROKEN_ANNOTATION,
  /** An annotation file with more bytes than the limit. */
  ANNOTATION_TOO_LARGE,
  /** An annotation file that several images could claim, and that names none of them. */
  AMBIGUOUS_ANNOTATION,
  /** A box without area, or that lacks a coordinate or has its minimum above its maximum. */
  BROKEN_BOX,
  /** An object that lies outside its image, wholly or in part. */
  BOX_OUTSIDE_IMAGE,
  /** An image that lies in no directory whose name could be its label. */
  NO_LABEL_DIRECTORY,
  /** A directory name, or a line of a file of labels, that cannot be a label. */
  INVALID_LABEL,
  /** An object of a class that the source does not name: an index, a colour or a category id. */
  UNKNOWN_LABEL,
  /** A mask image that is no PNG, or cannot be decoded. */
  BROKEN_MASK,
  /** A mask of another size than its image. */
  MASK_SIZE_MISMATCH,
  /** A manifest line that cannot be read. */
  BROKEN_LINE,
  /** A sample that fits another kind of dataset. */
  WRONG_KIND,
  /** A row of a table with more or fewer values than the table has columns. */
  COLUMN_COUNT,
  /** A row of a table with more characters than the limit. */
  ROW_TOO_LARGE,
  /** A quote of a CSV file that is never closed: what follows it cannot be told apart. */
  UNCLOSED_QUOTE,
  /** A file whose bytes are no text in its charset; where none is named, in UTF-8 or GBK. */
  UNDECODABLE_TEXT,
  /** A line, or its part before the labels, that holds no text. */
  EMPTY_TEXT,
  /** A file of texts and the file of their labels have different numbers of lines. */
  LINE_COUNTS_DIFFER,
  /** The first bytes are those of no known recording or video. */
  UNKNOWN_MEDIA_TYPE,
  /** A recording or video, of a type that datasets do not hold. */
  UNSUPPORTED_MEDIA_TYPE,
  /** The header of a recording or video contradicts itself or its format. */
  BROKEN_MEDIA_HEADER,
  /** The file ends before the recording or video does, or lacks its index. */
  TRUNCATED_MEDIA;

  /** Lower-case words joined by hyphens. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
