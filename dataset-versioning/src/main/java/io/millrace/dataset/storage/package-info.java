/** Reading and writing objects wherever a dataset lies, behind one small interface. */
package io.millrace.dataset.storage;
