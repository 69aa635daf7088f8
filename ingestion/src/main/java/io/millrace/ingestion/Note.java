package io.millrace.ingestion;

import java.util.Locale;

/** Something worth telling about an import that refuses nothing; the report counts each. */
public enum Note {
  /** The bytes are of another type than the file name says; the bytes are right. */
  TYPE_MISMATCH("files of another type than their names say"),
  /** The annotation file gives another image size than the header; the header is right. */
  SIZE_MISMATCH("annotation files with another size than their image"),
  /** The annotation file names another file than the one it lies beside. */
  FILENAME_MISMATCH("annotation files that name another image"),
  /** The annotation file is readable, but has an oddity that was repaired while reading. */
  ANNOTATION_REPAIRED("annotation files with an oddity repaired while reading"),
  /** An image without annotation file in a labelled layout: it is imported without labels. */
  WITHOUT_ANNOTATION("images without annotation file"),
  /** An image that was looked at and has nothing on it: it is imported without labels. */
  EMPTY_ANNOTATION("images looked at that have no label"),
  /** An image that no list or directory of the sets names, of a layout in which those decide. */
  NOT_IN_A_SET("images of no set ignored"),
  /** An object of several parts became as many objects of equal id. */
  OBJECT_IN_PARTS("objects taken apart into their polygons"),
  /** A box was cut to its image. */
  BOX_CLIPPED("boxes cut to their image"),
  /** A box of which nothing was left was dropped. */
  BOX_DROPPED("boxes dropped, of which nothing was left"),
  /** An outlying object was kept as it is. */
  BOX_KEPT("objects outside their image kept"),
  /** The lists of several image sets name the image; the first of train, val, test counts. */
  IN_SEVERAL_SETS("images named by the lists of several sets"),
  /** An image set names an image that is not there. */
  LISTED_WITHOUT_IMAGE("names in lists of sets without an image"),
  /** A sample that the import's filter does not take. */
  LEFT_OUT("samples left out by the filter"),
  /** A file that is no part of the layout. */
  OTHER_FILE("other files ignored"),
  /** A line without text, and without labels. */
  BLANK_LINE("blank lines skipped"),
  /** A file of texts without the file of their labels; its texts are imported without labels. */
  TEXT_WITHOUT_RESULT("files of texts without a file of labels"),
  /** A recording that is not plain PCM; those who read it need its decoder. */
  COMPRESSED_AUDIO("recordings in another coding than PCM"),
  /** A label attribute of a type that annotations do not have; it is kept as a property. */
  ATTRIBUTE_KEPT("label attributes kept as properties"),
  /** A file that neither metadata nor a directory labels; it is imported without labels. */
  UNLABELLED_FILE("files that neither metadata nor a directory labels");

  private final String text;

  Note(String text) {
    this.text = text;
  }

  /** Lower-case words joined by hyphens. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What was counted, in the plural. */
  public String text() {
    return text;
  }
}
