/** For figures over many rows. Keys hold the month of a row, so a partition never has a newer version of a row of another one. */
export const FIGURE_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";
