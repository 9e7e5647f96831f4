mod english;
mod grid;
mod keyboard;
mod main_path;
mod pages;
mod people;
mod stocktake;
mod without_scripts;
