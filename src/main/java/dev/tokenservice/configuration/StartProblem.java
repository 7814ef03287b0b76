package dev.tokenservice.configuration;

import dev.tokenservice.files.FileProblem;
import dev.tokenservice.oauth.Quoted;

/**
 * A valid setting that names what this machine does not have, such as a file or an address.
 *
 * @param setting the path of the setting
 * @param text what was found and what to do, to be read after the setting
 */
public record StartProblem(String setting, String text) {

    private static final int LONGEST_PATH = 4096;

    /** The problem with a file. */
    public static StartProblem of(FileProblem file) {
        return new StartProblem(file.setting(), Quoted.of(file.file().toString(), LONGEST_PATH) + " " + file.problem());
    }
}
