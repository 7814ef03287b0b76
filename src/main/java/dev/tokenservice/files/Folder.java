package dev.tokenservice.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files of a folder that an operator fills. */
public final class Folder {

    private static final int MOST = 1000;

    private Folder() {}

    /**
     * Every file by name, links that lead nowhere included; but no folder, and nothing hidden: mounted secrets keep their
     * bookkeeping in hidden files, and programs what they have not finished.
     *
     * @throws UnusableFileException when the folder cannot be read, or has more than 1,000 files
     */
    public static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Folder::isFile)) {
            for (Path entry : entries) {
                files.add(entry);
                if (files.size() > MOST) {
                    throw new UnusableFileException(folder, "has more than " + MOST + " files: name another folder");
                }
            }
        } catch (NoSuchFileException e) {
            throw new UnusableFileException(folder, "cannot be read: there is no such folder", e);
        } catch (NotDirectoryException e) {
            throw new UnusableFileException(folder, "is not a folder: name the one that the files are in", e);
        } catch (IOException | DirectoryIteratorException e) {
            throw new UnusableFileException(folder, "is not a folder that can be read", e);
        }
        files.sort(Comparator.comparing(file -> String.valueOf(file.getFileName())));
        return files;
    }

    /** The same; the folder itself instead of its files where it cannot be read. */
    static List<Path> list(Path folder) {
        try {
            return files(folder);
        } catch (UnusableFileException e) {
            return List.of(folder);
        }
    }

    private static boolean isFile(Path path) {
        return !String.valueOf(path.getFileName()).startsWith(".") && !Files.isDirectory(path);
    }
}
