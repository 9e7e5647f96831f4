mod diagram;
mod english;
mod keyboard;
mod main_path;
mod pages;
mod people;
mod without_scripts;
