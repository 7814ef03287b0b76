package dev.tokenservice.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Tells one version of a file from another without reading it. */
public final class FileVersion {

    private static final String MISSING = "missing";

    private FileVersion() {}

    static List<String> of(List<Path> files) {
        return files.stream().map(FileVersion::of).toList();
    }

    /** A mounted secret is replaced by turning a symbolic link: the real path changes, and the times may not. */
    public static String of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return file.toRealPath() + " " + attributes.fileKey() + " " + attributes.lastModifiedTime() + " "
                    + attributes.size();
        } catch (IOException e) {
            return MISSING;
        }
    }
}
