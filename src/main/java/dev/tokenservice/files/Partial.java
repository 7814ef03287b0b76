package dev.tokenservice.files;

import java.util.List;

/** What is made of several files, and is in force without those of them that cannot be used. */
public interface Partial {

    /** What is wrong with the files that were left out, a line each. */
    List<String> problems();
}
