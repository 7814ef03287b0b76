package dev.tokenservice.files;

import java.nio.file.Path;

/**
 * A problem with a file that the service reads at start-up.
 *
 * @param setting the path of the setting that names the file, or the folder that it is in
 * @param problem to be read after the file's name; it says what to do, and never repeats what is in the file
 */
public record FileProblem(String setting, Path file, String problem) {}
